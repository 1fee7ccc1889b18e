// Text without tables: what bytes alone can tell.
#include "base/text.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace preau {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101ULL;
constexpr std::uint64_t highs = 0x8080808080808080ULL;

// Eight bytes at once: no byte is zero and none is above 0x7F. "(w - ones) & ~w & highs" finds zero bytes exactly.
bool plain_ascii_word(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return ((word | ((word - ones) & ~word)) & highs) == 0;
}

bool continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

constexpr std::string_view no_break_space = "\xC2\xA0";

constexpr bool blank(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

} // namespace

bool valid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8 && plain_ascii_word(text.data() + at)) {
            at += 8;
            continue;
        }
        auto point = utf8::decode(text, at);
        if (point.length == 0 || point.value == 0) return false;
        at += point.length;
    }
    return true;
}

std::size_t code_points(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continuation));
}

std::string cut_to_bytes(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return std::string{text};
    while (bytes > 0 && continuation(text[bytes])) --bytes;
    return std::string{text.substr(0, bytes)};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty()) {
        if (blank(text.front()))
            text.remove_prefix(1);
        else if (text.starts_with(no_break_space))
            text.remove_prefix(no_break_space.size());
        else
            break;
    }
    while (!text.empty()) {
        if (blank(text.back()))
            text.remove_suffix(1);
        else if (text.ends_with(no_break_space))
            text.remove_suffix(no_break_space.size());
        else
            break;
    }
    return text;
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower{text};
    for (auto& letter : lower)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return lower;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string_view entity;
        switch (text[at]) {
        case '&': entity = "&amp;"; break;
        case '<': entity = "&lt;"; break;
        case '>': entity = "&gt;"; break;
        case '"': entity = "&quot;"; break;
        case '\'': entity = "&#39;"; break;
        default: continue;
        }
        out.append(text, copied, at - copied).append(entity);
        copied = at + 1;
    }
    return out.append(text, copied);
}

} // namespace preau
