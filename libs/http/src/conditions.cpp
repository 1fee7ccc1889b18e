#include "http/conditions.hpp"
#include "http/range.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace preau::http {
namespace {

std::string_view opaque(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t value = 0;
    auto end = text.data() + text.size();
    auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (text.empty() || stop != end || problem != std::errc{}) return std::nullopt;
    return value;
}

} // namespace

bool none_match_hits(std::string_view header, std::string_view etag) {
    if (trimmed(header) == "*") return !etag.empty();
    while (!header.empty()) {
        header.remove_prefix(std::min(header.find_first_not_of(" \t,"), header.size()));
        auto tag = opaque(header);
        auto end = tag.starts_with('"') ? tag.find('"', 1) : std::string_view::npos; // a tag may hold a comma
        if (end == std::string_view::npos) return false;
        if (!etag.empty() && tag.substr(0, end + 1) == opaque(etag)) return true;
        header = tag.substr(end + 1);
    }
    return false;
}

bool range_holds(std::string_view if_range, std::string_view etag, std::string_view last_modified) {
    if (if_range.empty()) return true;
    if (if_range.starts_with('"')) return if_range == etag;
    return !if_range.starts_with("W/") && !last_modified.empty() && if_range == last_modified;
}

RangeChoice choose_range(std::string_view header, std::uint64_t length) {
    if (!to_lower_ascii(header.substr(0, 6)).starts_with("bytes=")) return WholeFile{};
    auto range = trimmed(header.substr(6));
    auto dash = range.find('-');
    if (dash == std::string_view::npos || range.contains(',')) return WholeFile{};
    auto last = digits(range.substr(dash + 1));
    if (dash == 0) { // the last n bytes
        if (!last) return WholeFile{};
        if (*last == 0 || length == 0) return Unsatisfiable{};
        auto count = std::min(*last, length);
        return ByteRange{.offset = length - count, .length = count};
    }
    auto first = digits(range.substr(0, dash));
    bool open = dash + 1 == range.size();
    if (!first || (!open && !last) || (last && *last < *first)) return WholeFile{};
    if (*first >= length) return Unsatisfiable{};
    auto end = last ? std::min(*last, length - 1) : length - 1;
    return ByteRange{.offset = *first, .length = end - *first + 1};
}

} // namespace preau::http
