#include "http/head.hpp"

#include "base/text.hpp"

#include <boost/beast/http/basic_parser.hpp>

namespace preau::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view plain(string_view text) { return {text.data(), text.size()}; }

std::unexpected<Error> bad(std::string_view key = "http.bad_request", int status = 400) {
    return std::unexpected(Error{.kind = Error::Kind::Malformed,
                                 .key = std::string{key},
                                 .field = "",
                                 .values = {{"status", std::to_string(status)}}});
}

Method method_of(beast::verb verb) {
    switch (verb) {
    case beast::verb::get: return Method::Get;
    case beast::verb::head: return Method::Head;
    case beast::verb::post: return Method::Post;
    case beast::verb::put: return Method::Put;
    case beast::verb::patch: return Method::Patch;
    case beast::verb::delete_: return Method::Delete;
    case beast::verb::options: return Method::Options;
    default: return Method::Other;
    }
}

// Beast reads lines and fields; what it writes goes into our own Headers without its container between.
class HeadParser final : public beast::basic_parser<true> {
public:
    Head head;
    int version = 11;

private:
    void on_request_impl(beast::verb verb, string_view, string_view target, int given_version, error_code&) override {
        head.method = method_of(verb);
        head.target = plain(target);
        version = given_version;
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(beast::field, string_view name, string_view value, error_code&) override {
        head.headers.add(plain(name), plain(value));
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override { return 0; } // never fed past the head
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}
};

std::size_t count_of(const Headers& headers, std::string_view name) {
    std::size_t count = 0;
    for (const auto& [key, value] : headers.all())
        if (key.size() == name.size() && to_lower_ascii(key) == name) ++count;
    return count;
}

// obs-fold (RFC 9112 §5.2) and lines ended by a bare CR or LF.
bool ambiguous_lines(std::string_view head) {
    for (std::size_t at = head.find_first_of("\r\n"); at != std::string_view::npos;
         at = head.find_first_of("\r\n", at + 2)) {
        if (head.substr(at, 2) != "\r\n") return true;
        if (at + 2 < head.size() && (head[at + 2] == ' ' || head[at + 2] == '\t')) return true;
    }
    return false;
}

bool token_in(std::string_view list, std::string_view token) {
    for (auto entry : split(list, ','))
        if (to_lower_ascii(trimmed(entry)) == token) return true;
    return false;
}

Result<void> check_framing(const HeadParser& parser) {
    const auto& headers = parser.head.headers;
    auto coding = headers.find("transfer-encoding");
    auto codings = count_of(headers, "transfer-encoding");
    auto lengths = count_of(headers, "content-length");
    // Both at once is the classic of smuggling (RFC 9112 §6.3); so is a length stated twice, even the same one.
    if (lengths + codings > 1) return bad();
    if (headers.find("content-length").find_first_not_of("0123456789") != std::string_view::npos)
        return bad(); // "5, 5"
    if (codings && parser.version == 10) return bad();
    if (codings && to_lower_ascii(trimmed(coding)) != "chunked") return bad("http.transfer_coding", 501);
    if (count_of(headers, "host") != 1) return bad(); // RFC 9112 §3.2
    return {};
}

} // namespace

Result<Head> parse_head(std::string_view text, std::size_t most_target_bytes) {
    auto first_line = text.substr(0, text.find("\r\n"));
    auto target = first_line.find(' ');
    if (target != std::string_view::npos && first_line.size() - target > most_target_bytes + sizeof " HTTP/1.1")
        return bad("http.target_too_long", 414);
    if (!text.ends_with("\r\n\r\n") || ambiguous_lines(text)) return bad();
    HeadParser parser;
    parser.header_limit(static_cast<std::uint32_t>(text.size()));
    parser.body_limit(boost::none); // the route states the limit
    error_code problem;
    parser.put(boost::asio::const_buffer{text.data(), text.size()}, problem);
    if (problem == beast::error::bad_version) return bad("http.version", 505);
    if (problem || !parser.is_header_done()) return bad();
    if (parser.version != 10 && parser.version != 11) return bad("http.version", 505);
    TRY(check_framing(parser));
    auto head = std::move(parser.head);
    head.http_1_0 = parser.version == 10;
    head.keep_alive = parser.keep_alive();
    head.chunked = parser.chunked();
    if (auto length = parser.content_length()) head.content_length = *length;
    head.expects_continue = to_lower_ascii(head.headers.find("expect")) == "100-continue" && !head.http_1_0;
    head.upgrade =
        token_in(head.headers.find("connection"), "upgrade") && token_in(head.headers.find("upgrade"), "websocket");
    return head;
}

} // namespace preau::http
