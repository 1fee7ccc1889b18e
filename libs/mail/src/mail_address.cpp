#include "mail/mail.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace preau::mail {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Dot-string of RFC 5321 §4.1.2: atoms of RFC 5322 §3.2.3 between single dots.
bool good_local_part(std::string_view local) {
    constexpr std::size_t longest = 64;
    if (local.empty() || local.size() > longest) return false;
    for (auto atom : split(local, '.')) {
        auto allowed = [](char c) {
            return is_letter_or_digit(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.contains(c);
        };
        if (atom.empty() || !std::ranges::all_of(atom, allowed)) return false;
    }
    return true;
}

// Labels of RFC 1035 §2.3.1. "localhost" has one; a domain literal ([192.0.2.1]) is nobody's mailbox in a school.
bool good_domain(std::string_view domain) {
    constexpr std::size_t longest_label = 63;
    if (domain.empty()) return false;
    for (auto label : split(domain, '.')) {
        if (label.empty() || label.size() > longest_label || label.starts_with('-') || label.ends_with('-'))
            return false;
        if (!std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; })) return false;
    }
    return true;
}

} // namespace

Result<std::string> check_address(std::string_view address) {
    constexpr std::size_t longest = 254; // RFC 3696, erratum 1690
    address = trimmed(address);
    const auto at = address.rfind('@');
    if (at == address.npos || address.size() > longest || !good_local_part(address.substr(0, at)) ||
        !good_domain(address.substr(at + 1)))
        return invalid("mail", "mail.address");
    return std::string{address.substr(0, at + 1)} + to_lower_ascii(address.substr(at + 1));
}

} // namespace preau::mail
