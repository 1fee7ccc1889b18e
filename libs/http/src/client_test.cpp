#include "test_routes.hpp"
#include "test_server.hpp"

#include "http/client.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <atomic>

namespace preau::http {
namespace {

std::array<std::uint8_t, 16> address(std::string_view text) { return parse_address_range(text).value().address; }

struct Reachable { // a server that the client is allowed to reach: 127.0.0.1 and nothing else of this machine
    TestRoutes routes;
    OpenGate gate;
    Server server{test_options(), routes.router, gate};
    Client client{{.allowed = {*parse_address_range("127.0.0.1")}}};

    Reachable() { server.start(); }
    std::string url(std::string_view path) const { return fmt::format("http://127.0.0.1:{}{}", server.port(), path); }
    Result<Incoming> ask(Outgoing request) { return sync_wait(client.send(std::move(request))); }
    std::string problem(Outgoing request) {
        auto answer = ask(std::move(request));
        return answer ? fmt::format("{}", answer->status) : answer.error().key;
    }
};

} // namespace

TEST_CASE("addresses are public or not, also those that wrap another") {
    for (const char* text : {"8.8.8.8", "193.51.24.1", "2001:660:3003::1", "2a01:e0a::1", "172.15.255.255",
                             "172.32.0.1", "100.63.255.255", "100.128.0.0"})
        CHECK_MESSAGE(is_public_address(address(text)), text);
    for (const char* text : {"0.0.0.0",
                             "10.0.0.1",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::127.0.0.1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::10.0.0.1",
                             "64:ff9b::8.8.8.8",
                             "2002:7f00:1::",
                             "2001:0:4136:e378::",
                             "fc00::1",
                             "fd12::1",
                             "fe80::1",
                             "ff02::1",
                             "2001:db8::1"})
        CHECK_MESSAGE(!is_public_address(address(text)), text);
}

TEST_CASE("ranges of addresses are read, or refused") {
    CHECK(parse_address_range("10.1.0.0/16")->contains(address("10.1.255.255")));
    CHECK_FALSE(parse_address_range("10.1.0.0/16")->contains(address("10.2.0.0")));
    CHECK(parse_address_range("10.1.2.128/25")->contains(address("10.1.2.200")));
    CHECK_FALSE(parse_address_range("10.1.2.128/25")->contains(address("10.1.2.127")));
    CHECK(parse_address_range("fd00::/8")->contains(address("fd12::1")));
    CHECK(parse_address_range("0.0.0.0/0")->contains(address("192.0.2.1")));
    CHECK_FALSE(parse_address_range("0.0.0.0/0")->contains(address("2a01::1")));
    for (const char* text : {"", "10", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129",
                             "example.org", "0x7f.1", "127.1"})
        CHECK_MESSAGE(!parse_address_range(text), text);
}

TEST_CASE("requests go out and answers come in") {
    Reachable peer;
    auto hello = peer.ask({.url = peer.url("/hello?name=%C3%A9t%C3%A9")}).value();
    CHECK(hello.status == 200);
    CHECK(hello.body == "bonjour été");
    CHECK(hello.headers.find("content-type").starts_with("text/plain"));
    auto echo = peer.ask({.method = Method::Post, .url = peer.url("/echo"), .body = std::string(20'000, 'e')}).value();
    CHECK(echo.body == std::string(20'000, 'e'));
    CHECK(peer.ask({.url = peer.url("/nothing-here")})->status == 404);
    CHECK(peer.ask({.method = Method::Head, .url = peer.url("/page")})->body.empty());
    Headers asked;
    asked.set("Accept", "text/html");
    asked.set("X-Empty", "");
    CHECK(peer.ask({.url = peer.url("/page"), .headers = asked})->status == 200);
}

TEST_CASE("what is not public is refused, however it is written") {
    Reachable peer;
    const auto port = peer.server.port();
    for (const char* host : {"localhost.localdomain", "127.0.0.2", "127.1.1.1", "[::1]", "[::ffff:127.0.0.2]",
                             "0.0.0.0", "0", "2130706434", "0x7f000002", "017700000002", "10.0.0.1", "169.254.169.254",
                             "[fe80::1]", "[64:ff9b::7f00:2]"}) {
        auto found = peer.problem({.url = fmt::format("http://{}:{}/hello", host, port)});
        const bool refused =
            found == "client.address_refused" || found == "client.unreachable" || found == "client.url";
        CHECK_MESSAGE(refused, host << " answered " << found);
    }
    CHECK(peer.problem({.url = fmt::format("http://127.0.0.2:{}/hello", port)}) == "client.address_refused");
    CHECK(peer.problem({.url = fmt::format("http://[::1]:{}/hello", port)}) == "client.address_refused");
    Client strict;
    auto refused = sync_wait(strict.send({.url = peer.url("/hello")}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().key == "client.address_refused");
    CHECK(refused.error().kind == Error::Kind::Forbidden);
}

TEST_CASE("a redirect leads to no place that the first address could not name") {
    Reachable peer;
    const auto port = peer.server.port();
    auto by_redirect = [&](std::string_view to) { return peer.url("/redirect?to=") + std::string{to}; };
    CHECK(peer.ask({.url = by_redirect(peer.url("/hello?name=2"))})->body == "bonjour 2");
    CHECK(peer.ask({.url = by_redirect(peer.url("/hello?name=2"))})->url == peer.url("/hello?name=2"));
    CHECK(peer.problem({.url = by_redirect(fmt::format("http://127.0.0.2:{}/hello", port))}) ==
          "client.address_refused");
    CHECK(peer.problem({.url = by_redirect("file:///etc/passwd")}) == "client.url");
    CHECK(peer.problem({.url = by_redirect("gopher://127.0.0.1:25/")}) == "client.url");
    CHECK(peer.problem({.url = by_redirect(by_redirect(by_redirect(peer.url("/hello")))), .redirects = 2}) ==
          "client.unreachable");
    CHECK(peer.ask({.url = by_redirect(peer.url("/hello")), .redirects = 0})->status == 303);
}

TEST_CASE("addresses that are none, and headers that would become two, are refused before anything is sent") {
    Reachable peer;
    for (const char* url : {"", "hello", "/hello", "ftp://example.org/", "file:///etc/passwd", "http://",
                            "javascript:1", "http://user:secret@127.0.0.1/", "http://exa mple.org/"})
        CHECK_MESSAGE(peer.problem({.url = url}) == "client.url", url);
    CHECK(peer.problem({.url = peer.url("/hello\r\nX-Evil: 1")}) == "client.url");
    Headers evil;
    evil.set("X-One: 1", "2");
    CHECK(peer.problem({.url = peer.url("/hello"), .headers = evil}) == "client.url");
    CHECK(peer.problem({.url = peer.url("/hello?") + std::string(9'000, 'x')}) == "client.url");
}

TEST_CASE("answers have a bound in size and in time") {
    Reachable peer;
    CHECK(peer.problem({.url = peer.url("/big"), .most = 1'000'000}) == "client.too_large");
    CHECK(peer.problem({.url = peer.url("/stream"), .most = 1'000'000}) == "client.too_large");
    CHECK(peer.ask({.url = peer.url("/big"), .most = 64 << 20})->body.size() == 32U << 20);
    CHECK(peer.problem({.url = peer.url("/wait"), .deadline = std::chrono::milliseconds{100}}) == "client.too_slow");
    CHECK(peer.problem({.url = "http://127.0.0.1:1/"}) == "client.unreachable");
    peer.routes.barrier.open();
}

TEST_CASE("many at once are answered, each with its own; those that still run when the client ends, too") {
    Reachable peer;
    std::atomic<int> good = 0, ended = 0;
    constexpr int requests = 300;
    std::promise<void> all;
    for (int number = 0; number < requests; ++number)
        start(peer.client.send({.url = peer.url("/hello?name=" + std::to_string(number))}),
              [&, number](std::exception_ptr, Result<Incoming>* answer) {
                  if (answer && *answer && (*answer)->body == "bonjour " + std::to_string(number)) ++good;
                  if (++ended == requests) all.set_value();
              });
    all.get_future().wait();
    CHECK(good == requests);
    std::promise<std::string> last;
    {
        Client leaving{{.allowed = {*parse_address_range("127.0.0.1")}}};
        start(leaving.send({.url = peer.url("/wait")}), [&last](std::exception_ptr, Result<Incoming>* answer) {
            last.set_value(answer && !*answer ? answer->error().key : "an answer");
        });
        peer.routes.barrier.wait_for_arrival();
    }
    CHECK(last.get_future().get() == "client.unreachable");
    peer.routes.barrier.open();
}

} // namespace preau::http
