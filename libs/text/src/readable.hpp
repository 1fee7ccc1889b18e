// Bytes from outside as text that parsers agree on.
#pragma once

#include "base/text.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace preau::text {

constexpr std::size_t longest_rich_text = 1024 * 1024;

// The first MiB as valid UTF-8 with U+FFFD for what is broken, NUL too, and with \n as the only line end.
inline std::string readable(std::string_view bytes) {
    auto text = bytes.size() > longest_rich_text ? cut_to_bytes(bytes, longest_rich_text) : std::string{bytes};
    if (!valid_utf8(text)) {
        std::string mended;
        auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
        wide.findAndReplace(icu::UnicodeString(static_cast<char16_t>(0)),
                            icu::UnicodeString(static_cast<char16_t>(0xFFFD)));
        wide.toUTF8String(mended);
        text = mended.size() > longest_rich_text ? cut_to_bytes(mended, longest_rich_text) : std::move(mended);
    }
    if (text.contains('\r')) {
        std::size_t to = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] != '\r')
                text[to++] = text[at];
            else if (at + 1 == text.size() || text[at + 1] != '\n')
                text[to++] = '\n';
        }
        text.resize(to);
    }
    return text;
}

} // namespace preau::text
