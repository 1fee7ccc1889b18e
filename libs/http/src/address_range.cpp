#include "http/client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace preau::http {
namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr int mapped_bits = 96;

std::optional<Address> parse_address(const std::string& text) {
    Address address{};
    in_addr four{};
    if (::inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
    if (::inet_pton(AF_INET, text.c_str(), &four) != 1) return std::nullopt;
    address[10] = address[11] = 0xff;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&four), 4, address.begin() + 12);
    return address;
}

// IANA IPv4 and IPv6 Special-Purpose Address Registries, "Globally Reachable: False", with multicast, and the ranges
// whose addresses stand for an IPv4 address that would need a check of its own.
const std::vector<AddressRange>& special_ranges() {
    static const std::vector<AddressRange> ranges = [] {
        std::vector<AddressRange> list;
        for (const char* text :
             {"0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
              "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
              "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/96",          "64:ff9b::/96",   "64:ff9b:1::/48",
              "100::/64",       "2001::/23",    "2001:db8::/32",  "2002::/16",      "3fff::/20",      "5f00::/16",
              "fc00::/7",       "fe80::/10",    "fec0::/10",      "ff00::/8"})
            list.push_back(*parse_address_range(text));
        return list;
    }();
    return ranges;
}

} // namespace

bool AddressRange::contains(const Address& other) const {
    const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
    if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
    const int rest = bits % 8;
    if (rest == 0) return true;
    const auto place = static_cast<std::size_t>(whole);
    return (address[place] >> (8 - rest)) == (other[place] >> (8 - rest));
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
    const auto slash = text.find('/');
    const std::string written{text.substr(0, slash)};
    auto address = parse_address(written);
    if (!address) return std::nullopt;
    const int shift = written.contains(':') ? 0 : mapped_bits;
    int bits = 128 - shift;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const int most = bits;
        auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (problem != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most)
            return std::nullopt;
    }
    return AddressRange{.address = *address, .bits = bits + shift};
}

bool is_public_address(const Address& address) {
    return std::ranges::none_of(special_ranges(), [&](const AddressRange& range) { return range.contains(address); });
}

} // namespace preau::http
