#include "compress.hpp"
#include "delivery.hpp"
#include "http/chunked.hpp"
#include "http/conditions.hpp"
#include "http/range.hpp"
#include "http/rate.hpp"
#include "http/test_client.hpp"

#include <doctest/doctest.h>

namespace preau::http {
namespace {

struct Sent {
    Response response;
    Delivery delivery;
    bool has(std::string_view line) const { return delivery.head.contains("\r\n" + std::string{line} + "\r\n"); }
    bool names(std::string_view name) const { return delivery.head.contains("\r\n" + std::string{name} + ":"); }
};

std::unique_ptr<Sent> sent(Response response, std::vector<std::pair<std::string, std::string>> headers = {},
                           Method method = Method::Get, bool content_origin = false) {
    ServerOptions options;
    options.public_url = "https://preau.test/";
    options.content_url = "https://content.preau.test";
    Site site{options};
    auto request = make_request(method, "/");
    request.content_origin = content_origin;
    request.secure = true;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    auto outcome = std::make_unique<Sent>(Sent{.response = std::move(response)});
    outcome->delivery = plan_delivery(outcome->response, {.request = request, .site = site, .date = "now"});
    return outcome;
}

Response tagged(std::string text = "text") {
    auto response = text_response(200, std::move(text), "text/html");
    response.headers.set("ETag", "\"v1\"");
    response.headers.set("Last-Modified", "Mon, 07 Sep 2026 07:00:00 GMT");
    return response;
}

Response file_of(std::uint64_t length) {
    auto response = tagged();
    response.body = FileBody{.descriptor = std::make_shared<const int>(-1), .offset = 100, .length = length};
    return response;
}

} // namespace

TEST_CASE("a range is chosen by its header and the length alone") {
    auto range = [](std::uint64_t offset, std::uint64_t length) { return RangeChoice{ByteRange{offset, length}}; };
    RangeChoice whole{WholeFile{}};
    RangeChoice none{Unsatisfiable{}};
    struct {
        std::string_view header;
        RangeChoice expected;
    } cases[] = {{"bytes=0-0", range(0, 1)},
                 {"bytes=0-", range(0, 1000)},
                 {"bytes=900-", range(900, 100)},
                 {"bytes=-1", range(999, 1)},
                 {"bytes=-5000", range(0, 1000)},
                 {"bytes=10-5000", range(10, 990)},
                 {"BYTES=1-2", range(1, 2)},
                 {"bytes= 1-2 ", range(1, 2)},
                 {"bytes=1000-", none},
                 {"bytes=-0", none},
                 {"", whole},
                 {"bytes=", whole},
                 {"bytes=5-4", whole},
                 {"bytes=a-b", whole},
                 {"bytes=1-2,4-5", whole},
                 {"items=0-1", whole},
                 {"bytes=--1", whole},
                 {"bytes=-", whole},
                 {"bytes=1-2x", whole},
                 {"bytes=99999999999999999999-", whole}};
    for (const auto& [header, expected] : cases) {
        CAPTURE(header);
        CHECK((choose_range(header, 1000) == expected));
    }
    CHECK((choose_range("bytes=0-", 0) == none));
    CHECK((choose_range("bytes=-1", 0) == none));
}

TEST_CASE("entity tags compare weakly for If-None-Match and strongly for If-Range") {
    CHECK(none_match_hits("\"a\", W/\"b,c\" , \"d\"", "\"b,c\""));
    CHECK(none_match_hits("W/\"a\"", "\"a\""));
    CHECK(none_match_hits("\"a\"", "W/\"a\""));
    CHECK(none_match_hits("*", "\"a\""));
    CHECK_FALSE(none_match_hits("*", ""));
    CHECK_FALSE(none_match_hits("\"b\"", "\"a\""));
    CHECK_FALSE(none_match_hits("a", "\"a\""));
    CHECK_FALSE(none_match_hits("\"a", "\"a\""));
    CHECK(range_holds("", "", ""));
    CHECK(range_holds("\"a\"", "\"a\"", ""));
    CHECK_FALSE(range_holds("W/\"a\"", "W/\"a\"", ""));
    CHECK(range_holds("Mon", "", "Mon"));
    CHECK_FALSE(range_holds("Mon", "", "Tue"));
}

TEST_CASE("304 answers who has this version, with its tag and without a body") {
    auto same = sent(tagged(), {{"If-None-Match", "\"v0\", \"v1\""}});
    CHECK(same->delivery.head.starts_with("HTTP/1.1 304 Not Modified\r\n"));
    CHECK(same->delivery.kind == Delivery::Kind::Nothing);
    CHECK(same->has("ETag: \"v1\""));
    CHECK_FALSE(same->names("Content-Length"));
    CHECK(sent(tagged(), {{"If-Modified-Since", "Mon, 07 Sep 2026 07:00:00 GMT"}})->response.status == 304);
    CHECK(sent(tagged(), {{"If-None-Match", "\"v0\""}, {"If-Modified-Since", "Mon, 07 Sep 2026 07:00:00 GMT"}})
              ->response.status == 200);
    CHECK(sent(tagged(), {{"If-None-Match", "\"v1\""}}, Method::Post)->response.status == 200);
    auto refused = tagged();
    refused.status = 403;
    CHECK(sent(std::move(refused), {{"If-None-Match", "\"v1\""}})->response.status == 403);
}

TEST_CASE("a file is sent whole, in part, or not at all") {
    auto whole = sent(file_of(1000));
    CHECK(whole->delivery.kind == Delivery::Kind::File);
    CHECK(whole->has("Accept-Ranges: bytes"));
    CHECK(whole->has("Content-Length: 1000"));
    auto part = sent(file_of(1000), {{"Range", "bytes=10-19"}});
    CHECK(part->response.status == 206);
    CHECK(part->delivery.offset == 110);
    CHECK(part->delivery.length == 10);
    CHECK(part->has("Content-Range: bytes 10-19/1000"));
    CHECK(sent(file_of(1000), {{"Range", "bytes=10-19"}, {"If-Range", "\"v1\""}})->response.status == 206);
    CHECK(sent(file_of(1000), {{"Range", "bytes=10-19"}, {"If-Range", "\"v0\""}})->response.status == 200);
    auto beyond = sent(file_of(1000), {{"Range", "bytes=1000-"}});
    CHECK(beyond->response.status == 416);
    CHECK(beyond->has("Content-Range: bytes */1000"));
    auto head = sent(file_of(1000), {{"Range", "bytes=10-19"}}, Method::Head);
    CHECK(head->response.status == 200);
    CHECK(head->has("Content-Length: 1000"));
    CHECK(head->delivery.kind == Delivery::Kind::Nothing);
}

TEST_CASE("text is compressed for who accepts it, and its tag becomes weak") {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "<li>ligne " + std::to_string(i) + "</li>";
    auto brotli = sent(tagged(text), {{"Accept-Encoding", "gzip, deflate, br"}});
    CHECK(brotli->has("Content-Encoding: br"));
    CHECK(brotli->has("ETag: W/\"v1\""));
    CHECK(brotli->has("Vary: Accept-Encoding"));
    CHECK(brotli->delivery.text.size() < text.size() / 3);
    auto gzip = sent(tagged(text), {{"Accept-Encoding", "gzip;q=0.5, br;q=0"}});
    CHECK(gzip->has("Content-Encoding: gzip"));
    CHECK(gzip->delivery.text.starts_with("\x1f\x8b"));
    CHECK(sent(tagged(text))->delivery.text == text);
    CHECK(sent(tagged(text))->has("Vary: Accept-Encoding"));
    CHECK_FALSE(sent(tagged("short"), {{"Accept-Encoding", "br"}})->names("Content-Encoding"));
    auto fixed = tagged(text);
    fixed.headers.set("Cache-Control", "no-transform");
    CHECK_FALSE(sent(std::move(fixed), {{"Accept-Encoding", "br"}})->names("Content-Encoding"));
    auto picture = tagged(text);
    picture.headers.set("Content-Type", "image/png");
    CHECK_FALSE(sent(std::move(picture), {{"Accept-Encoding", "br"}})->names("Content-Encoding"));
}

TEST_CASE("every answer is protected unless it says otherwise itself") {
    auto page = sent(tagged());
    for (auto line : {"X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: DENY",
                      "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
                      "Strict-Transport-Security: max-age=63072000"}) {
        CAPTURE(line);
        CHECK(page->has(line));
    }
    CHECK(page->delivery.head.contains(
        "script-src 'self'; style-src 'self'; img-src 'self' data: https://content.preau.test;"));
    CHECK(page->delivery.head.contains("frame-ancestors 'none'; require-trusted-types-for 'script'"));
    CHECK(sent(json_response("{}"))->has("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"));
    auto bytes = sent(file_of(1), {}, Method::Get, true);
    CHECK(bytes->has("Content-Security-Policy: sandbox; default-src 'none'; frame-ancestors https://preau.test"));
    CHECK(bytes->has("Cross-Origin-Resource-Policy: cross-origin"));
    CHECK_FALSE(bytes->names("X-Frame-Options"));
    auto own = tagged();
    own.headers.set("content-security-policy", "default-src 'self'");
    own.headers.set("Content-Length", "999");
    own.headers.set("Transfer-Encoding", "chunked");
    auto overridden = sent(std::move(own));
    CHECK(overridden->has("content-security-policy: default-src 'self'"));
    CHECK_FALSE(overridden->names("Content-Security-Policy"));
    CHECK(overridden->has("Content-Length: 4")); // framing is never the handler's
    CHECK_FALSE(overridden->names("Transfer-Encoding"));
}

TEST_CASE("dates are written as RFC 9110 wants") {
    CHECK(imf_fixdate(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(imf_fixdate(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("chunks decode however they are cut and however small the space is") {
    std::string_view bytes = "5;name=\"v\"\r\nhello\r\n006\r\n world\r\n0\r\nX: y\r\n\r\nrest";
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        for (std::size_t space : {1U, 3U, 64U}) {
            ChunkDecoder decoder;
            std::string out;
            std::string kept;
            auto rest = bytes;
            while (!decoder.done()) {
                std::vector<std::byte> output(space);
                auto step = decoder.decode(kept, output);
                out.append(reinterpret_cast<const char*>(output.data()), step.produced);
                kept.erase(0, step.consumed);
                REQUIRE_FALSE(decoder.malformed());
                if (step.consumed > 0) continue;
                kept += rest.substr(0, cut);
                rest.remove_prefix(std::min(cut, rest.size()));
            }
            CHECK(out == "hello world");
            CHECK(kept + std::string{rest} == "rest");
        }
    }
}

TEST_CASE("persons are limited before their network, and a school is not locked out") {
    RateLimiter limiter{{.write = {{.per_second = 1, .burst = 5}, {.per_second = 100, .burst = 1000}}}};
    Millis now = 1'000'000;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(limiter.must_wait(Rate::Write, "p1", "192.0.2.1", now));
    CHECK(limiter.must_wait(Rate::Write, "p1", "192.0.2.1", now) == 1);
    CHECK_FALSE(limiter.must_wait(Rate::Write, "p2", "192.0.2.1", now));
    CHECK_FALSE(limiter.must_wait(Rate::Free, "p1", "192.0.2.1", now));
    CHECK_FALSE(limiter.must_wait(Rate::Read, "p1", "192.0.2.1", now)); // each class counts for itself
    CHECK(limiter.must_wait(Rate::Write, "p1", "192.0.2.1", now - 3600'000)); // the clock went back: nothing is given
    CHECK_FALSE(limiter.must_wait(Rate::Write, "p1", "192.0.2.1", now + 1000));
    for (int pupil = 0; pupil < 990; ++pupil)
        CHECK_FALSE(limiter.must_wait(Rate::Write, "pupil" + std::to_string(pupil), "192.0.2.1", now));
}

TEST_CASE("strangers are limited by network, an IPv6 network by its /64, in a table that never grows") {
    RateLimiter limiter{{.sign_in = {{.per_second = 1, .burst = 5}, {.per_second = 1, .burst = 3}}}};
    for (auto address : {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3"})
        CHECK_FALSE(limiter.must_wait(Rate::SignIn, "", address, 0));
    CHECK(limiter.must_wait(Rate::SignIn, "", "2001:db8:1:2:5::4", 0));
    CHECK_FALSE(limiter.must_wait(Rate::SignIn, "", "2001:db8:1:3::1", 0));
    // A hundred thousand invented names meet a fixed table: the newest are still counted.
    for (int i = 0; i < 200'000; ++i) limiter.must_wait(Rate::SignIn, "", "x" + std::to_string(i), 0);
    for (int i = 0; i < 3; ++i) limiter.must_wait(Rate::SignIn, "", "198.51.100.1", 0);
    CHECK(limiter.must_wait(Rate::SignIn, "", "198.51.100.1", 0));
}

} // namespace preau::http
