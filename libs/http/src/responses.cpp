#include "http/message.hpp"

#include "base/assert.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace preau::http {
namespace {

// RFC 8187 §3.2.1: what may stand unescaped in filename*.
std::string extended_value(std::string_view text) {
    std::string out;
    constexpr std::string_view plain = "!#$&+-.^_`|~";
    for (char c : text) {
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || plain.contains(c))
            out += c;
        else
            out += percent_encode(std::string_view{&c, 1});
    }
    return out;
}

// For readers that know only filename=: ASCII, without quotes and escapes, '_' for each character that is lost.
std::string ascii_name(std::string_view name) {
    std::string out;
    for (char c : name) {
        auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 && byte < 0xc0) continue; // continuation of a code point that has its '_' already
        out += byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\' || c == '%' || c == '/' ? '_' : c;
    }
    return out;
}

// Header values are ASCII; a path that somebody named in French is escaped, one that is escaped already stays.
std::string ascii_address(std::string_view location) {
    std::string out;
    for (char c : location) {
        auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f)
            out += percent_encode(std::string_view{&c, 1});
        else
            out += c;
    }
    return out;
}

bool keeps_prefix(const Request& request) {
    return request.secure || request.host == "localhost" || request.host.starts_with("localhost:");
}

} // namespace

Response text_response(int status, std::string text, std::string_view type) {
    Response response{.status = status, .body = std::move(text)};
    response.headers.add("Content-Type", type);
    return response;
}

Response json_response(std::string json, int status) {
    auto response = text_response(status, std::move(json), "application/json");
    // Lists of what one person may see, and addresses that are secrets: in no cache unless the handler says otherwise.
    response.headers.add("Cache-Control", "no-store");
    return response;
}

Response redirect(std::string_view location, int status) {
    Response response{.status = status};
    response.headers.add("Location", ascii_address(location));
    response.headers.add("Cache-Control", "no-store");
    return response;
}

int status_of(Error::Kind kind) {
    switch (kind) {
    case Error::Kind::Invalid: return 422;
    case Error::Kind::Malformed: return 400;
    case Error::Kind::Unauthenticated: return 401;
    case Error::Kind::Forbidden: return 403;
    case Error::Kind::NotFound: return 404;
    case Error::Kind::Conflict: return 409;
    case Error::Kind::Gone: return 410;
    case Error::Kind::TooLarge: return 413;
    case Error::Kind::Throttled: return 429;
    case Error::Kind::Unavailable: return 503;
    case Error::Kind::StorageFull: return 507;
    }
    std::unreachable();
}

int status_of(const Error& error) {
    for (const auto& [name, value] : error.values) {
        int status = 0;
        if (name == "status" && std::from_chars(value.data(), value.data() + value.size(), status).ec == std::errc{} &&
            status >= 400 && status <= 599)
            return status;
    }
    return status_of(error.kind);
}

namespace {

// Extension member (RFC 9457 §3.2): what the sentence says, for programs: `"values":{"used":"1073741824",…}`.
void write_values(std::string& json, const Error& error) {
    std::string members;
    for (const auto& [name, value] : error.values) {
        if (name == "status") continue;
        if (!members.empty()) members += ',';
        json::write_string(members, name);
        members += ':';
        json::write_string(members, value);
    }
    if (!members.empty()) json += ",\"values\":{" + members + '}';
}

} // namespace

Response problem(const Error& error, std::string_view title) {
    int status = status_of(error);
    std::string json = R"({"type":"about:blank","title":)";
    json::write_string(json, title);
    json += R"(,"status":)" + std::to_string(status) + R"(,"key":)";
    json::write_string(json, error.key);
    if (!error.field.empty()) {
        json += R"(,"field":)";
        json::write_string(json, error.field);
    }
    write_values(json, error);
    json += '}';
    auto response = text_response(status, std::move(json), "application/problem+json");
    response.headers.add("Cache-Control", "no-store");
    if (error.retry_after > 0) response.headers.add("Retry-After", std::to_string(error.retry_after));
    return response;
}

std::string content_disposition(std::string_view kind, std::string_view name) {
    auto plain = ascii_name(name);
    auto disposition = std::string{kind} + "; filename=\"" + plain + '"';
    if (plain != name) disposition += "; filename*=UTF-8''" + extended_value(name);
    return disposition;
}

std::string cookie_name(const Request& request, std::string_view name) {
    return (keeps_prefix(request) ? "__Host-" : "") + std::string{name};
}

std::string set_cookie(const Request& request, std::string_view name, std::string_view value,
                       std::optional<std::int64_t> max_age_seconds) {
    // RFC 6265 §4.1.1; a value from us is base64url or the like, so anything else is a bug and not a user's mistake.
    PREAU_ASSERT(std::ranges::none_of(value, [](char c) { return c <= ' ' || c >= 0x7f || c == ';' || c == ','; }));
    auto line = cookie_name(request, name) + '=' + std::string{value} + "; Path=/; HttpOnly; SameSite=Lax";
    if (keeps_prefix(request)) line += "; Secure"; // browsers ask for it with __Host-, on http://localhost too
    if (max_age_seconds) line += "; Max-Age=" + std::to_string(*max_age_seconds);
    return line;
}

} // namespace preau::http
