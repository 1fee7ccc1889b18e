#include "plain_text.hpp"

#include "exit_status.hpp"

#include <array>
#include <cstdint>

namespace preau::convert {
namespace {

void append_letter(std::string& text, std::uint32_t letter) {
    if (letter < 0x80) {
        text += static_cast<char>(letter);
    } else if (letter < 0x800) {
        text += static_cast<char>(0xC0 | (letter >> 6));
        text += static_cast<char>(0x80 | (letter & 0x3F));
    } else if (letter < 0x10000) {
        text += static_cast<char>(0xE0 | (letter >> 12));
        text += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (letter & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | (letter >> 18));
        text += static_cast<char>(0x80 | ((letter >> 12) & 0x3F));
        text += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (letter & 0x3F));
    }
}

// How many bytes from the beginning are UTF-8 (RFC 3629).
std::size_t utf8_prefix(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < bytes.size() ? bytes[i] : 0); };
        const auto first = byte(at);
        const std::size_t more = first < 0x80                    ? 0
                                 : first >= 0xC2 && first < 0xE0 ? 1
                                 : first >= 0xE0 && first < 0xF0 ? 2
                                 : first >= 0xF0 && first < 0xF5 ? 3
                                                                 : 9;
        if (more == 9) return at;
        for (std::size_t i = 1; i <= more; ++i)
            if ((byte(at + i) & 0xC0) != 0x80) return at;
        const auto second = byte(at + 1);
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
            (first == 0xF4 && second > 0x8F))
            return at;
        at += more + 1;
    }
    return at;
}

std::string from_utf16(std::string_view bytes, bool little) {
    std::string text;
    const auto unit = [&](std::size_t at) {
        const auto low = static_cast<unsigned char>(bytes[at]), high = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<std::uint32_t>(little ? low | (high << 8) : high | (low << 8));
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        auto letter = unit(at);
        if (letter >= 0xD800 && letter < 0xDC00 && at + 3 < bytes.size()) {
            const auto second = unit(at + 2);
            if (second >= 0xDC00 && second < 0xE000) {
                letter = 0x10000 + ((letter - 0xD800) << 10) + (second - 0xDC00);
                at += 2;
            }
        }
        append_letter(text, letter == 0 || (letter >= 0xD800 && letter < 0xE000) ? 0xFFFD : letter);
    }
    return text;
}

std::string from_windows_1252(std::string_view bytes) {
    constexpr std::array<std::uint16_t, 32> upper{0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                                  0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
    std::string text;
    for (char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        append_letter(text, value >= 0x80 && value < 0xA0 ? upper[value - 0x80U] : value);
    }
    return text;
}

} // namespace

std::string plain_text(std::string_view bytes, Whole whole) {
    if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), true);
    if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), false);
    if (bytes.find('\0') != std::string_view::npos) throw Refusal{unreadable, "not a text"};
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const auto good = utf8_prefix(bytes);
    // The last letter may have been cut in two by whoever read no more of it; of a whole file "caf\xE9" is a word.
    const auto left = bytes.size() - good;
    if (left == 0 || (left < 4 && whole == Whole::No)) return std::string{bytes.substr(0, good)};
    return from_windows_1252(bytes);
}

} // namespace preau::convert
