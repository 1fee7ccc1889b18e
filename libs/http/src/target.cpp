#include "http/target.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace preau::http {
namespace {

constexpr std::size_t most_fields = 1000;

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// An encoded slash or backslash would become a separator for whoever decodes after us.
bool hides_separator(std::string_view raw) {
    for (std::size_t at = raw.find('%'); at != std::string_view::npos; at = raw.find('%', at + 1)) {
        auto escape = to_lower_ascii(raw.substr(at, 3));
        if (escape == "%2f" || escape == "%5c") return true;
    }
    return false;
}

bool safe_segments(std::string_view path) {
    auto segments = split(path.substr(1), '/');
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (segments[i] == "." || segments[i] == "..") return false;
        if (segments[i].empty() && i + 1 != segments.size()) return false; // a final slash is a path of its own
    }
    return true;
}

Result<std::string> decode_text(std::string_view text) {
    auto decoded = TRY(percent_decode(text, Plus::Blank));
    if (!valid_utf8(decoded)) return fail(Error::Kind::Malformed, "http.bad_form");
    return decoded;
}

} // namespace

Result<Target> split_target(std::string_view target) {
    auto bad = fail(Error::Kind::Malformed, "http.bad_target");
    auto mark = target.find('?');
    auto raw = target.substr(0, mark);
    if (raw.empty() || raw.front() != '/' || raw.contains('#') || hides_separator(raw)) return bad;
    auto path = raw.contains('%') ? percent_decode(raw) : Result<std::string>{raw};
    if (!path || !valid_utf8(*path)) return bad;
    if (path->contains('\\') || std::ranges::any_of(*path, control) || !safe_segments(*path)) return bad;
    Target split{.path = *std::move(path)};
    if (mark == std::string_view::npos) return split;
    auto query = parse_urlencoded(target.substr(mark + 1));
    if (!query) return bad;
    split.query = *std::move(query);
    return split;
}

Result<Fields> parse_urlencoded(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        auto end = text.find('&');
        auto pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        if (fields.size() == most_fields) return fail(Error::Kind::Malformed, "http.bad_form");
        auto equals = pair.find('=');
        auto name = decode_text(pair.substr(0, equals));
        auto value = equals == std::string_view::npos ? Result<std::string>{} : decode_text(pair.substr(equals + 1));
        if (!name || !value) return fail(Error::Kind::Malformed, "http.bad_form");
        fields.emplace_back(*std::move(name), *std::move(value));
    }
    return fields;
}

} // namespace preau::http
