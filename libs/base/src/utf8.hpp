// The one decoder of UTF-8 that the rest of `base` shares: strict as RFC 3629 §4 and Unicode table 3-7.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace preau::utf8 {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0; // bytes; 0 says that no valid sequence starts here
};

// The sequence that starts at `at`, which must lie inside `text`. Refuses overlong forms, surrogates, > U+10FFFF.
inline CodePoint decode(std::string_view text, std::size_t at) {
    auto byte = [&](std::size_t offset) -> std::uint32_t {
        return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
    };
    auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
    auto lead = byte(0);
    if (lead < 0x80) return {static_cast<char32_t>(lead), 1};
    if (lead < 0xC2) return {}; // a continuation alone, or an overlong form of ASCII
    if (lead < 0xE0) {
        if (!continues(1)) return {};
        return {static_cast<char32_t>((lead & 0x1FU) << 6 | (byte(1) & 0x3FU)), 2};
    }
    if (lead < 0xF0) {
        if (!continues(1) || !continues(2)) return {};
        auto value = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
        if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF)) return {};
        return {static_cast<char32_t>(value), 3};
    }
    if (lead > 0xF4 || !continues(1) || !continues(2) || !continues(3)) return {};
    auto value = (lead & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (value < 0x10000 || value > 0x10FFFF) return {};
    return {static_cast<char32_t>(value), 4};
}

} // namespace preau::utf8
