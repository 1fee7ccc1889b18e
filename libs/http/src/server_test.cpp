#include "test_routes.hpp"
#include "test_server.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>

namespace preau::http {
namespace {

struct Running {
    TestRoutes routes;
    OpenGate gate;
    Server server;
    std::uint16_t port;

    explicit Running(ServerOptions options = test_options())
        : server{std::move(options), routes.router, gate}, port{server.port()} {
        server.start();
    }
    Answer ask(std::string_view bytes) { return RawClient{port}.ask(bytes); }
};

std::string get(std::string_view target, std::string_view more = "") {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: preau.test\r\n" + std::string{more} + "\r\n";
}

} // namespace

TEST_CASE("requests follow each other on one connection, also without waiting for answers") {
    Running running;
    RawClient client{running.port};
    CHECK(client.ask(get("/hello?name=%C3%A9t%C3%A9")).body == "bonjour été");
    std::string pipelined;
    for (int i = 0; i < 100; ++i) pipelined += get("/hello?name=" + std::to_string(i));
    client.send(pipelined);
    for (int i = 0; i < 100; ++i) CHECK(client.receive().body == "bonjour " + std::to_string(i));
    CHECK(
        client.ask("POST /echo HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 5\r\n\r\nsalut" + get("/hello")).body ==
        "salut");
    CHECK(client.receive().body == "bonjour ");
    auto last = client.ask(get("/hello", "Connection: close\r\n"));
    CHECK(last.header("connection") == "close");
    CHECK(client.closed());
}

TEST_CASE("a body of segments is whole, has a length and ranges, and is cut when a piece fails") {
    Running running;
    RawClient client{running.port};
    const auto& bytes = running.routes.layers();
    auto whole = client.ask(get("/layers"));
    CHECK(whole.header("content-length") == std::to_string(bytes.size()));
    CHECK(whole.header("accept-ranges") == "bytes");
    CHECK(whole.body == bytes);
    client.send("HEAD /layers HTTP/1.1\r\nHost: preau.test\r\n\r\n");
    CHECK(client.receive(true).header("content-length") == std::to_string(bytes.size()));
    struct {
        std::size_t first, last;
    } ranges[] = {{0, 0}, {1, 699}, {699, 700}, {700, 60'000}, {59'999, 60'700}, {123'456, bytes.size() - 1}};
    for (auto [first, last] : ranges) {
        CAPTURE(first);
        auto part = client.ask(get("/layers", "Range: bytes=" + std::to_string(first) + "-" + std::to_string(last) +
                                                  "\r\nIf-Range: \"layers-1\"\r\n"));
        CHECK(part.status == 206);
        CHECK(part.body == bytes.substr(first, last - first + 1));
    }
    CHECK(client.ask(get("/layers", "Range: bytes=0-9\r\nIf-Range: \"layers-0\"\r\n")).body == bytes);
    CHECK(client.ask(get("/layers", "Range: bytes=99999999-\r\n")).status == 416);
    CHECK(client.ask(get("/layers", "If-None-Match: \"layers-1\"\r\n")).status == 304);
    running.routes.layers_end = 120'000;
    CHECK(client.ask(get("/layers")).status == 0); // never half of it for the whole
    CHECK(running.ask(get("/hello")).status == 200);
}

TEST_CASE("a request that arrives byte by byte is a request") {
    Running running;
    RawClient client{running.port};
    for (char c : "\r\n" + get("/hello")) client.send({&c, 1});
    CHECK(client.receive().status == 200);
}

TEST_CASE("a client of HTTP/1.0 gets its answer and the end") {
    Running running;
    RawClient client{running.port};
    CHECK(client.ask("GET /hello HTTP/1.0\r\nHost: preau.test\r\n\r\n").status == 200);
    CHECK(client.closed());
    auto streamed = running.ask("GET /stream HTTP/1.0\r\nHost: preau.test\r\n\r\n");
    CHECK(streamed.header("transfer-encoding").empty());
    CHECK(streamed.body.size() == stream_pieces * stream_piece_size);
}

TEST_CASE("bad requests are answered with their status and the connection ends") {
    Running running;
    auto host = std::string{"Host: preau.test\r\n"};
    struct {
        int status;
        std::string bytes;
    } cases[] = {
        {431, "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20'000, 'x') + "\r\n\r\n"},
        {414, "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"},
        {414, "GET /" + std::string(40'000, 'a')},
        {400, "nonsense\r\n\r\n"},
        {400, "GET  / HTTP/1.1\r\n" + host + "\r\n"},
        {505, "GET / HTTP/2.0\r\n" + host + "\r\n"},
        {400, "GET / HTTP/1.1\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "Host: other.test\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "Host: preau.test\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "X: a\nY: b\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n"},
        {400, "GET / HTTP/1.1\r\n" + host + std::string{"X: a\0b\r\n\r\n", 10}},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
        {400, "POST /echo HTTP/1.1\r\n" + host +
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {400, "POST /echo HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {501, "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        {501, "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\nhello"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello"},
        {400, "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n"},
        {400, get("/a/../b")},
        {400, get("/%2e%2e/etc/passwd")},
        {400, get("//etc")},
        {400, get("/a%00")},
        {400, get("/a%2fb")},
        {400, get("/%c0%ae")},
        {400, get("*")},
        {400, get("http://other.test/hello")},
        {421, "GET / HTTP/1.1\r\nHost: other.test\r\n\r\n"},
        {421, "GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n"},
        {421, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {421, "GET / HTTP/1.1\r\nHost: preau.test.evil.test\r\n\r\n"},
        {421, "GET / HTTP/1.1\r\nHost: preau.test@evil.test\r\n\r\n"},
    };
    for (const auto& [status, bytes] : cases) {
        CAPTURE(bytes.substr(0, 200));
        RawClient client{running.port};
        auto answer = client.ask(bytes);
        CHECK(answer.status == status);
        CHECK(answer.body.starts_with("http."));
        CHECK(answer.header("connection") == "close");
        CHECK(client.closed());
    }
}

TEST_CASE("a chunked body is read exactly, and a bad chunk ends the connection") {
    Running running;
    std::string head = "POST /echo HTTP/1.1\r\nHost: preau.test\r\nTransfer-Encoding: chunked\r\n\r\n";
    RawClient client{running.port};
    CHECK(client.ask(head + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n" + get("/hello")).body ==
          "abc0123456789");
    CHECK(client.receive().body == "bonjour ");
    for (std::string bad : {"x\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "-1\r\n", "0x3\r\nabc\r\n", "10000000000000000\r\n",
                            "3\r\nabc", "\r\n", "3 ;\nabc"}) {
        CAPTURE(bad);
        RawClient other{running.port};
        other.send(head + bad);
        other.end();
        auto answer = other.receive();
        CHECK(answer.status == 400);
        CHECK(other.closed());
    }
}

TEST_CASE("a body above the limit of its route is refused before it is read, or when it gets there") {
    Running running;
    auto stated =
        running.ask("POST /echo HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n");
    CHECK(stated.status == 413);
    CHECK(stated.header("connection") == "close");
    RawClient client{running.port};
    client.send("POST /echo HTTP/1.1\r\nHost: preau.test\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 17; ++i) client.send("1000\r\n" + std::string(4096, 'x') + "\r\n");
    CHECK(client.receive().status == 413);
    CHECK(client.closed());
    auto none = running.ask("GET /hello HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 1\r\n\r\nx");
    CHECK(none.status == 413);
}

TEST_CASE("100 Continue is said when the body is wanted, and not before") {
    Running running;
    RawClient client{running.port};
    client.send("PUT /upload HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.receive().status == 100);
    CHECK(client.ask("abcd").body == "4");
    RawClient refused{running.port};
    refused.send(
        "PUT /upload HTTP/1.1\r\nHost: preau.test\r\nX-Refuse: 1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(refused.receive().status == 403);
    CHECK(refused.closed()); // whether the body comes is unknown
}

TEST_CASE("a body that the handler leaves is dropped when small and ends the connection when large") {
    Running running;
    RawClient client{running.port};
    auto put = [](std::size_t size) {
        return "PUT /ignored HTTP/1.1\r\nHost: preau.test\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
    };
    client.send(put(100'000) + std::string(100'000, 'x'));
    CHECK(client.receive().body == "ignored");
    CHECK(client.ask(get("/hello")).status == 200);
    RawClient large{running.port};
    large.send(put(4'000'000));
    large.send(std::string(4'000'000, 'x')); // all of it may still be sent: the answer is not lost to a reset
    auto answer = large.receive();
    CHECK(answer.body == "ignored");
    CHECK(answer.header("connection") == "close");
    CHECK(large.closed());
}

TEST_CASE("an upload that stops halfway is an error of the client, not of the server") {
    Running running;
    RawClient client{running.port};
    client.send("PUT /upload HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 100\r\n\r\nonly this");
    client.end();
    auto answer = client.receive();
    CHECK(answer.status == 400);
    CHECK(answer.body == "http.body_truncated");
}

TEST_CASE("a large upload streams") {
    Running running;
    RawClient client{running.port};
    client.send("PUT /upload HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 8388608\r\n\r\n");
    std::thread reader{[&] { CHECK(client.receive().body == "8388608"); }};
    client.send(std::string(8 * 1024 * 1024, 'u'));
    reader.join();
    CHECK(client.ask(get("/hello")).status == 200);
}

TEST_CASE("a slow head, a silent body and an idle connection meet their deadlines") {
    auto options = test_options();
    options.limits.header_deadline = std::chrono::milliseconds{80};
    options.limits.idle_deadline = std::chrono::milliseconds{160};
    options.limits.progress_deadline = std::chrono::milliseconds{80};
    Running running{options};
    RawClient idle{running.port};
    RawClient slow{running.port};
    slow.send("GET /hello HTTP/1.1\r\n");
    RawClient silent{running.port};
    silent.send("PUT /upload HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 10\r\n\r\nabc");
    RawClient deaf{running.port, 4096};
    deaf.send(get("/big")); // never reads
    CHECK(slow.closed());
    CHECK(silent.closed());
    CHECK(idle.closed());
    // The deaf one too; it may not even be accepted yet when the others have gone.
    while (!running.server.metrics().contains("preau_http_deadlines_total 4")) std::this_thread::yield();
    while (!running.server.metrics().contains("preau_http_connections 0")) std::this_thread::yield();
}

TEST_CASE("a body that trickles is not waited for, though every byte shows progress") {
    auto options = test_options();
    options.limits.progress_deadline = std::chrono::milliseconds{200};
    Running running{options};
    RawClient client{running.port};
    client.send("PUT /upload HTTP/1.1\r\nHost: preau.test\r\nContent-Length: 100000\r\n\r\n");
    std::atomic<bool> ended = false;
    std::thread trickle{[&] { // ten bytes a second
        while (!ended && client.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }};
    while (!running.server.metrics().contains("preau_http_deadlines_total 1")) std::this_thread::yield();
    ended = true;
    trickle.join();
    CHECK(client.closed());
}

TEST_CASE("above the limit of connections a client is told to come back") {
    auto options = test_options();
    options.limits.connections = 2;
    Running running{options};
    RawClient first{running.port};
    CHECK(first.ask(get("/hello")).status == 200);
    RawClient second{running.port};
    CHECK(second.ask(get("/hello")).status == 200);
    RawClient third{running.port};
    CHECK(third.receive().status == 503);
}

TEST_CASE("failures of handlers and of the gate are answers with the id of the request") {
    Running running;
    RawClient client{running.port};
    auto failed = client.ask(get("/throws"));
    CHECK(failed.status == 500);
    CHECK(failed.body == "http.internal");
    CHECK_FALSE(failed.header("x-request-id").empty());
    CHECK(client.ask(get("/overloaded")).status == 503);
    CHECK(client.ask(get("/hello", "X-Broken-Gate: 1\r\n")).status == 500);
    CHECK(client.ask(get("/hello", "X-Refuse: 1\r\n")).status == 403);
    CHECK(client.ask(get("/nothing")).status == 404);
    auto wrong = client.ask("DELETE /hello HTTP/1.1\r\nHost: preau.test\r\n\r\n");
    CHECK(wrong.status == 405);
    CHECK(wrong.header("allow") == "GET, HEAD");
    CHECK(client.ask("PROPFIND /hello HTTP/1.1\r\nHost: preau.test\r\n\r\n").status == 405);
    CHECK(client.ask(get("/socket")).status == 426);
    auto broken = client.ask(get("/broken-stream"));
    CHECK(broken.status == 0); // cut, so that the client knows
    auto metrics = running.server.metrics();
    CHECK(metrics.contains("preau_http_requests_total{class=\"5xx\"} 3"));
    CHECK(metrics.contains("preau_http_request_seconds_count"));
}

TEST_CASE("Host decides the origin, and only a trusted proxy is believed") {
    Running running;
    auto about = [](std::string_view host, std::string_view more = "") {
        return "GET /about/x HTTP/1.1\r\nHost: " + std::string{host} + "\r\n" + std::string{more} + "\r\n";
    };
    CHECK(running.ask(about("Preau.TEST")).body == "/about/x|preau.test|127.0.0.1|plain|main");
    CHECK(running.ask(about("preau.test:80")).status == 200);
    CHECK(running.ask(about("content.preau.test")).body == "/about/x|content.preau.test|127.0.0.1|plain|content");
    auto local = "127.0.0.1:" + std::to_string(running.port);
    CHECK(running.ask(about(local)).body.ends_with("|main"));
    auto claimed =
        "X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\n";
    CHECK(running.ask(about("preau.test", claimed)).body == "/about/x|preau.test|127.0.0.1|plain|main");

    auto options = test_options();
    options.trusted_proxies = {"127.0.0.1", "192.0.2.1"};
    Running behind{options};
    CHECK(behind
              .ask(about("inner", "X-Forwarded-Host: preau.test\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9, 192.0.2.1\r\n"
                                  "X-Forwarded-Proto: https\r\n"))
              .body == "/about/x|preau.test|203.0.113.9|secure|main");
    CHECK(behind.ask(about("preau.test", claimed)).status == 421);
    CHECK(running.ask("GET http://preau.test/about/y HTTP/1.1\r\nHost: preau.test\r\n\r\n")
              .body.starts_with("/about/y|"));
}

TEST_CASE("draining lets the running request end and says close, and idle connections end at once") {
    Running running;
    RawClient idle{running.port};
    CHECK(idle.ask(get("/hello")).status == 200);
    RawClient busy{running.port};
    busy.send(get("/wait"));
    running.routes.barrier.wait_for_arrival();
    std::thread draining{[&] { running.server.drain(std::chrono::seconds{60}); }};
    CHECK(idle.closed());
    running.routes.barrier.open();
    auto answer = busy.receive();
    CHECK(answer.body == "passed");
    CHECK(answer.header("connection") == "close");
    draining.join();
    CHECK_THROWS(RawClient{running.port});
}

TEST_CASE("draining answers who has connected and not asked yet") {
    Running running;
    RawClient early{running.port};
    while (!running.server.metrics().contains("preau_http_connections 1")) std::this_thread::yield();
    std::thread draining{[&] { running.server.drain(std::chrono::seconds{60}); }};
    auto refused = [&running] {
        try {
            RawClient late{running.port};
            return false;
        } catch (const std::exception&) {
            return true;
        }
    };
    while (!refused()) std::this_thread::yield(); // from here on it drains
    early.send(get("/hello"));
    auto answer = early.receive();
    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == "close");
    draining.join();
}

TEST_CASE("draining cuts readers that never end") {
    Running running;
    RawClient deaf{running.port, 4096};
    deaf.send(get("/big"));
    while (!running.server.metrics().contains("preau_http_connections 1")) std::this_thread::yield();
    running.server.drain(std::chrono::milliseconds{50});
    CHECK(running.server.metrics().contains("preau_http_connections 0"));
}

TEST_CASE("who comes while one server has ended and the next has not begun is served by the next") {
    auto options = test_options();
    const auto held = open_listeners("127.0.0.1", 0, 2);
    auto next_process = [&held] { // a process gets descriptors of its own for the same sockets
        std::vector<int> copies;
        for (int listener : held) copies.push_back(::dup(listener));
        return copies;
    };
    TestRoutes routes;
    OpenGate gate;
    options.threads = 3; // more than there are sockets
    std::uint16_t port = 0;
    {
        options.listeners = next_process();
        Server first{options, routes.router, gate};
        port = first.port();
        first.start();
        CHECK(RawClient{port}.ask(get("/hello")).status == 200);
        first.drain(std::chrono::seconds{60});
    }
    RawClient one{port}, other{port};
    one.send(get("/hello"));
    other.send(get("/hello"));
    options.listeners = next_process();
    options.threads = 1; // fewer than there are sockets
    Server second{options, routes.router, gate};
    CHECK(second.port() == port);
    second.start();
    CHECK(one.receive().status == 200);
    CHECK(other.receive().status == 200);
    for (int listener : held) ::close(listener);
}

TEST_CASE("servers follow each other on one socket and nobody who connects is turned away") {
    const auto held = open_listeners("127.0.0.1", 0, 1);
    TestRoutes routes;
    OpenGate gate;
    auto next = [&] {
        auto options = test_options();
        options.threads = 1;
        options.listeners = {::dup(held[0])};
        return std::make_unique<Server>(options, routes.router, gate);
    };
    auto server = next();
    const auto port = server->port();
    server->start();
    std::atomic<bool> over = false;
    std::atomic<int> answered = 0, failed = 0;
    std::vector<std::thread> visitors;
    for (int i = 0; i < 4; ++i)
        visitors.emplace_back([&] {
            while (!over) {
                try {
                    (RawClient{port}.ask(get("/hello", "Connection: close\r\n")).status == 200 ? answered : failed)++;
                } catch (const std::exception&) {
                    ++failed;
                }
            }
        });
    const int rounds = std::getenv("PREAU_DEEP") ? 1000 : 60;
    for (int i = 0; i < rounds; ++i) {
        for (const int before = answered; answered < before + 20;) std::this_thread::yield();
        server->drain(std::chrono::seconds{60});
        server = next();
        server->start();
    }
    over = true;
    for (auto& visitor : visitors) visitor.join();
    CHECK(failed == 0);
    CHECK(answered >= rounds * 20);
    for (int listener : held) ::close(listener);
}

TEST_CASE("a descriptor that is no listening socket is refused") {
    auto options = test_options();
    options.listeners = {0};
    TestRoutes routes;
    OpenGate gate;
    CHECK_THROWS_AS((Server{options, routes.router, gate}), std::runtime_error);
}

TEST_CASE("an address that is taken is refused with advice") {
    Running running;
    auto options = test_options();
    options.port = running.port;
    std::string message;
    try {
        Server second{options, running.routes.router, running.gate};
    } catch (const std::runtime_error& error) {
        message = error.what();
    }
    CHECK(message.contains("--listen"));
    options.address = "no address";
    CHECK_THROWS_AS((Server{options, running.routes.router, running.gate}), std::runtime_error);
}

} // namespace preau::http
