#include "files/resume/tus.hpp"

#include "base/text.hpp"

#include <charconv>
#include <ctime>
#include <fmt/core.h>

namespace preau::files::tus {
namespace {

std::unexpected<Error> with_status(Error::Kind kind, std::string_view key, int status) {
    return std::unexpected(
        Error{.kind = kind, .key = std::string{key}, .values = {{"status", std::to_string(status)}}});
}

// RFC 9110 §5.6.7.
std::string http_date(Millis moment) {
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::time_t seconds = moment / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday,
                       months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

} // namespace

Result<void> check_version(const http::Request& request) {
    if (request.headers.find("tus-resumable") == version) return {};
    return with_status(Error::Kind::Malformed, "files.tus_version", 412);
}

Result<std::uint64_t> number_in(const http::Request& request, std::string_view header) {
    auto text = request.headers.find(header);
    std::uint64_t number = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr std::uint64_t most = 1ULL << 53; // what JavaScript counts exactly
    if (problem != std::errc{} || end != text.data() + text.size() || number > most)
        return std::unexpected(Error{
            .kind = Error::Kind::Malformed, .key = "files.tus_header", .values = {{"header", std::string{header}}}});
    return number;
}

bool has_body(const http::Request& request) {
    return to_lower_ascii(request.headers.find("content-type")) == body_type;
}

Result<std::string> checksum_in(const http::Request& request) {
    auto header = request.headers.find("upload-checksum");
    if (header.empty()) return std::string{};
    auto blank = header.find(' ');
    if (blank == std::string_view::npos || header.substr(0, blank) != "sha256")
        return fail(Error::Kind::Malformed, "files.tus_checksum");
    auto digest = base64_decode(header.substr(blank + 1));
    if (!digest || digest->size() != 32) return fail(Error::Kind::Malformed, "files.tus_checksum");
    return *digest;
}

http::Response stamped(http::Response response) {
    response.headers.set("Tus-Resumable", version);
    response.headers.set("Cache-Control", "no-store");
    if (response.status == 412) response.headers.set("Tus-Version", version);
    return response;
}

void say_offset(http::Response& response, std::int64_t offset, Millis expires_at) {
    response.headers.set("Upload-Offset", std::to_string(offset));
    response.headers.set("Upload-Expires", http_date(expires_at));
}

http::Response capabilities(std::uint64_t largest) {
    http::Response response{.status = 204};
    response.headers.set("Tus-Version", version);
    response.headers.set("Tus-Extension", extensions);
    response.headers.set("Tus-Max-Size", std::to_string(largest));
    response.headers.set("Tus-Checksum-Algorithm", "sha256");
    return stamped(std::move(response));
}

} // namespace preau::files::tus
