#include "mail_header.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

namespace preau::mail {
namespace {

// 52 characters of base 64 and 12 of "=?UTF-8?B?…?=": with the name of any of our fields less than the 76 of RFC 2047
// §2.
constexpr std::size_t word_bytes = 39;

std::string base64(std::string_view bytes) { // RFC 4648 §4
    auto text = base64url(bytes);
    for (char& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    while (text.size() % 4 != 0) text += '=';
    return text;
}

bool plain(std::string_view text) {
    // "=?" would be taken for an encoded word; a line of 998 octets is the limit, 78 the custom (RFC 5322 §2.1.1).
    constexpr std::size_t longest = 60;
    return text.size() <= longest && !text.contains("=?") &&
           std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

std::string encoded_words(std::string_view text) {
    std::string words;
    while (!text.empty()) {
        auto piece = cut_to_bytes(text, word_bytes);
        text.remove_prefix(piece.size());
        words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", base64(piece));
    }
    return words;
}

} // namespace

Mailbox read_mailbox(std::string_view text) {
    const auto open = text.rfind('<');
    if (open == text.npos || !text.ends_with('>')) return {.name = {}, .address = std::string{trimmed(text)}};
    auto name = trimmed(text.substr(0, open));
    if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
    return {.name = std::string{name}, .address = std::string{text.substr(open + 1, text.size() - open - 2)}};
}

std::string header_text(std::string_view text) { return plain(text) ? std::string{text} : encoded_words(text); }

std::string header_mailbox(const Mailbox& mailbox) {
    if (mailbox.name.empty()) return mailbox.address;
    if (!plain(mailbox.name)) return fmt::format("{}\r\n <{}>", encoded_words(mailbox.name), mailbox.address);
    std::string quoted;
    for (char letter : mailbox.name) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return fmt::format("\"{}\" <{}>", quoted, mailbox.address);
}

std::string header_date(Millis moment) {
    using namespace std::chrono;
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_time<milliseconds> at{milliseconds{moment}};
    const auto day = floor<std::chrono::days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(at - day)};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

bool one_line(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

} // namespace preau::mail
