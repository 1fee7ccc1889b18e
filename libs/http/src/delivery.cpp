#include "delivery.hpp"

#include "compress.hpp"
#include "http/conditions.hpp"
#include "http/range.hpp"

#include "base/id.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace preau::http {
namespace {

constexpr std::size_t least_compressed = 1024;
constexpr std::size_t most_compressed = 512 * 1024; // more would hold the loop for too long

bool reading(const Request& request) { return request.method == Method::Get || request.method == Method::Head; }

std::string_view reason_of(int status) {
    switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 416: return "Range Not Satisfiable";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return ""; // RFC 9112 §4: may be empty, nobody reads it
    }
}

std::string_view text_of(const Response& response) {
    if (auto* text = std::get_if<std::string>(&response.body)) return *text;
    if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&response.body))
        return *shared ? std::string_view{**shared} : std::string_view{};
    return {};
}

void answer_conditions(Response& response, const Request& request) {
    if (response.status != 200 || !reading(request)) return;
    auto etag = response.headers.find("etag");
    auto known = request.headers.find("if-none-match");
    auto modified = response.headers.find("last-modified");
    bool same = known.empty() ? !modified.empty() && request.headers.find("if-modified-since") == modified
                              : none_match_hits(known, etag);
    if (!same) return;
    response.status = 304;
    response.body = std::string{};
}

// Of a body whose ranges can be sent.
std::optional<std::uint64_t> length_of(const Response& response) {
    if (auto* file = std::get_if<FileBody>(&response.body)) return file->length;
    if (auto* segments = std::get_if<std::shared_ptr<Segments>>(&response.body)) return (*segments)->length();
    return std::nullopt;
}

// The range that is sent instead of the whole.
std::optional<ByteRange> answer_range(Response& response, const Request& request) {
    auto whole = length_of(response);
    if (!whole || response.status != 200) return std::nullopt;
    if (!response.headers.has("accept-ranges")) response.headers.add("Accept-Ranges", "bytes");
    auto header = request.headers.find("range");
    if (request.method != Method::Get || header.empty()) return std::nullopt; // RFC 9110 §14.2: only GET
    if (!range_holds(request.headers.find("if-range"), response.headers.find("etag"),
                     response.headers.find("last-modified")))
        return std::nullopt;
    auto choice = choose_range(header, *whole);
    if (auto* range = std::get_if<ByteRange>(&choice)) {
        response.status = 206;
        response.headers.set("Content-Range",
                             fmt::format("bytes {}-{}/{}", range->offset, range->offset + range->length - 1, *whole));
        return *range;
    }
    if (std::holds_alternative<Unsatisfiable>(choice)) {
        response.headers.set("Content-Range", fmt::format("bytes */{}", *whole));
        response.status = 416;
        response.body = std::string{};
    }
    return std::nullopt;
}

void compress_text(Response& response, const Request& request) {
    auto text = text_of(response);
    if (text.size() < least_compressed || text.size() > most_compressed) return;
    if (response.headers.has("content-encoding") || !is_text(response.headers.find("content-type"))) return;
    if (response.headers.find("cache-control").contains("no-transform")) return;
    if (!response.headers.has("vary")) response.headers.add("Vary", "Accept-Encoding");
    auto coding = choose_coding(request.headers.find("accept-encoding"));
    auto shorter = compressed(coding, text);
    if (shorter.empty()) return;
    response.headers.add("Content-Encoding", coding == Coding::Brotli ? "br" : "gzip");
    // Two codings are two representations: the tag may only promise the same meaning (RFC 9110 §8.8.1).
    if (auto etag = std::string{response.headers.find("etag")}; etag.starts_with('"'))
        response.headers.set("ETag", "W/" + etag);
    response.body = std::move(shorter);
}

bool framing_header(std::string_view name) {
    for (std::string_view ours : {"content-length", "transfer-encoding", "connection", "date", "keep-alive"})
        if (name.size() == ours.size() && to_lower_ascii(name) == ours) return true;
    return false;
}

void write_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void write_own_headers(std::string& out, const Response& response, const Exchange& exchange) {
    for (const auto& [name, value] : response.headers.all())
        if (!framing_header(name)) write_header(out, name, value);
    bool content = exchange.request.content_origin;
    for (const auto& [name, value] : exchange.site.default_headers(content))
        if (!response.headers.has(name)) write_header(out, name, value);
    if (!response.headers.has("content-security-policy")) {
        auto type = response.headers.find("content-type");
        bool page = content || type.starts_with("text/html") || type.contains("xml"); // SVG and XHTML run scripts too
        write_header(out, "Content-Security-Policy",
                     page ? exchange.site.page_policy(content) : "default-src 'none'; frame-ancestors 'none'");
    }
    if (exchange.request.secure) write_header(out, "Strict-Transport-Security", "max-age=63072000");
    if (response.status >= 400)
        write_header(out, "X-Request-Id", to_base32(static_cast<std::int64_t>(exchange.request.id)));
}

void choose_body(Delivery& delivery, const Response& response, const std::optional<ByteRange>& range) {
    if (auto whole = length_of(response)) {
        auto* file = std::get_if<FileBody>(&response.body);
        delivery.kind = file ? Delivery::Kind::File : Delivery::Kind::Segments;
        delivery.offset = (range ? range->offset : 0) + (file ? file->offset : 0);
        delivery.length = range ? range->length : *whole;
        return;
    }
    delivery.text = text_of(response);
    delivery.length = delivery.text.size();
    delivery.kind = std::holds_alternative<StreamBody>(response.body) ? Delivery::Kind::Chunks : Delivery::Kind::Text;
}

} // namespace

Delivery plan_delivery(Response& response, const Exchange& exchange) {
    answer_conditions(response, exchange.request);
    auto range = answer_range(response, exchange.request);
    compress_text(response, exchange.request);
    Delivery delivery{.keep_alive = exchange.keep_alive};
    choose_body(delivery, response, range);
    if (delivery.kind == Delivery::Kind::Chunks && exchange.http_1_0) {
        delivery.kind = Delivery::Kind::UntilClose;
        delivery.keep_alive = false;
    }
    auto& head = delivery.head;
    head.reserve(1536);
    head += "HTTP/1.1 " + std::to_string(response.status) + ' ';
    head.append(reason_of(response.status)).append("\r\n");
    write_header(head, "Date", exchange.date);
    write_own_headers(head, response, exchange);
    bool bodiless = response.status == 204 || response.status == 304; // RFC 9112 §6.3: framed without a length
    if (delivery.kind == Delivery::Kind::Chunks)
        head += "Transfer-Encoding: chunked\r\n";
    else if (delivery.kind != Delivery::Kind::UntilClose && !bodiless)
        write_header(head, "Content-Length", std::to_string(delivery.length));
    if (!delivery.keep_alive)
        head += "Connection: close\r\n";
    else if (exchange.http_1_0)
        head += "Connection: keep-alive\r\n";
    head += "\r\n";
    if (bodiless || exchange.request.method == Method::Head) delivery.kind = Delivery::Kind::Nothing;
    return delivery;
}

std::string imf_fixdate(std::int64_t seconds) {
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::time_t moment = seconds;
    std::tm parts{};
    ::gmtime_r(&moment, &parts);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(parts.tm_wday)],
                       parts.tm_mday, months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

} // namespace preau::http
