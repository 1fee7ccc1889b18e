#include "totp.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "identity/second_factor.hpp"

#include <liboath/oath.h>

namespace preau::identity {
namespace {

constexpr std::size_t totp_digits = 6;
constexpr std::size_t window = 1; // steps to either side: clocks of phones, and the time of typing

void start_library() {
    static const bool started = oath_init() == OATH_OK;
    PREAU_ASSERT(started);
}

} // namespace

std::string base32(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    unsigned held = 0;
    int bits = 0;
    for (char byte : bytes) {
        held = held << 8 | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5; bits -= 5) text += letters[held >> (bits - 5) & 31];
    }
    if (bits > 0) text += letters[held << (5 - bits) & 31];
    return text;
}

std::string bare_totp(std::string_view typed) {
    std::string digits;
    for (auto rest = trimmed(typed); !rest.empty(); rest.remove_prefix(1)) {
        if (rest.front() == ' ') continue; // applications show "123 456"
        if (rest.front() < '0' || rest.front() > '9') return {};
        digits += rest.front();
    }
    return digits.size() == totp_digits ? digits : std::string{};
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view digits, Millis now) {
    start_library();
    const std::string code{digits};
    std::uint64_t step = 0;
    int offset = 0;
    const auto found = oath_totp_validate3(secret.data(), secret.size(), static_cast<time_t>(now / 1000), totp_seconds,
                                           0, window, &offset, &step, code.c_str());
    if (found < 0) return std::nullopt;
    return static_cast<std::int64_t>(step);
}

std::string totp_words(std::string_view secret) {
    std::string words;
    const auto letters = base32(secret);
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i != 0 && i % 4 == 0) words += ' ';
        words += letters[i];
    }
    return words;
}

std::string totp_address(std::string_view secret, std::string_view site, std::string_view login) {
    const auto place = percent_encode(site);
    return "otpauth://totp/" + place + ":" + percent_encode(login) + "?secret=" + base32(secret) + "&issuer=" + place;
}

} // namespace preau::identity
