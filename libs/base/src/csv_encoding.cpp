// Which encoding a text is in, by what its bytes can be, and the same text in UTF-8.
#include "base/csv.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace preau {
namespace {

constexpr std::size_t looked_at = 64; // bytes of the beginning that tell UTF-16 without a mark

void append(std::string& out, std::uint32_t point) {
    auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | point >> 6);
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

// Windows-1252, 80–9F (WHATWG Encoding, index windows-1252); 0: not a letter there.
constexpr std::array<std::uint16_t, 32> windows_1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// ISO-8859-15 is ISO-8859-1 but for eight letters, three of which French needs.
std::uint32_t latin_9(unsigned char byte) {
    switch (byte) {
    case 0xA4: return 0x20AC;
    case 0xA6: return 0x0160;
    case 0xA8: return 0x0161;
    case 0xB4: return 0x017D;
    case 0xB8: return 0x017E;
    case 0xBC: return 0x0152;
    case 0xBD: return 0x0153;
    case 0xBE: return 0x0178;
    default: return byte;
    }
}

bool is_control(unsigned char byte) { return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'; }
std::unexpected<Error> not_text() { return fail(Error::Kind::Invalid, "csv_not_text", "file"); }

Result<DecodedText> from_utf_16(std::string_view bytes, TextEncoding encoding) {
    if (bytes.size() % 2) return not_text();
    const bool little = encoding == TextEncoding::Utf16Little;
    auto unit = [&](std::size_t at) {
        auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<std::uint32_t>(little ? second << 8 | first : first << 8 | second);
    };
    DecodedText decoded{.encoding = encoding};
    decoded.text.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        auto point = unit(at);
        if (point == 0xFEFF && at == 0) continue;
        if (point >= 0xD800 && point < 0xE000) {
            if (point >= 0xDC00 || at + 3 >= bytes.size()) return not_text();
            const auto low = unit(at += 2);
            if (low < 0xDC00 || low >= 0xE000) return not_text();
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        }
        if (point < 0x20 && is_control(static_cast<unsigned char>(point))) return not_text();
        append(decoded.text, point);
    }
    return decoded;
}

Result<DecodedText> from_one_byte(std::string_view bytes) {
    auto high_control = [](unsigned char byte) { return byte >= 0x80 && byte < 0xA0; };
    const bool windows = std::ranges::any_of(bytes, high_control);
    DecodedText decoded{.encoding = windows ? TextEncoding::Windows1252 : TextEncoding::Latin9};
    decoded.text.reserve(bytes.size() + bytes.size() / 8);
    for (char letter : bytes) {
        const auto byte = static_cast<unsigned char>(letter);
        std::uint32_t point = windows ? byte : latin_9(byte);
        if (high_control(byte)) point = windows_1252[byte - 0x80U];
        if (point == 0 || is_control(byte)) return not_text();
        append(decoded.text, point);
    }
    return decoded;
}

// Names of people and places have a letter of ASCII, a digit or a separator in most places: half of the bytes are zero.
std::optional<TextEncoding> unmarked_utf_16(std::string_view bytes) {
    const auto begin = bytes.substr(0, looked_at - looked_at % 2);
    std::size_t even = 0, odd = 0;
    for (std::size_t at = 0; at < begin.size(); ++at)
        if (begin[at] == 0) ++(at % 2 ? odd : even);
    const auto enough = begin.size() / 4;
    if (odd > enough && even == 0) return TextEncoding::Utf16Little;
    if (even > enough && odd == 0) return TextEncoding::Utf16Big;
    return std::nullopt;
}

} // namespace

Result<DecodedText> decode_text(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
        if (!valid_utf8(bytes)) return not_text();
    } else if (bytes.starts_with("\xFF\xFE")) {
        return from_utf_16(bytes, TextEncoding::Utf16Little);
    } else if (bytes.starts_with("\xFE\xFF")) {
        return from_utf_16(bytes, TextEncoding::Utf16Big);
    } else if (auto found = unmarked_utf_16(bytes)) {
        return from_utf_16(bytes, *found);
    }
    if (!valid_utf8(bytes)) return from_one_byte(bytes);
    if (std::ranges::any_of(bytes, is_control)) return not_text();
    return DecodedText{.text = std::string{bytes}};
}

} // namespace preau
