#include "http/router.hpp"
#include "http/test_client.hpp"

#include <doctest/doctest.h>

namespace preau::http {
namespace {

constexpr Rule open_to_all{.access = Access::Guest, .body_limit = 16, .rate = Rate::Free};

Task<Response> say(std::string text) { co_return text_response(200, std::move(text)); }

Handler saying(std::string text) {
    return [text](Request&) { return say(text); };
}

Task<Response> echo(Request& request) {
    std::string body = request.body;
    if (request.stream) {
        std::byte buffer[4];
        while (true) {
            auto count = co_await request.stream->read(buffer);
            if (!count) co_return problem(count.error(), "too large");
            if (*count == 0) break;
            body.append(reinterpret_cast<char*>(buffer), *count);
        }
    }
    co_return text_response(200, std::string{request.parameter("id")} + "|" + body);
}

struct OpenGate final : Gatekeeper {
    Task<std::optional<Response>> admit(Request& request, const Route&) override {
        if (request.headers.has("x-refuse")) co_return text_response(403, "refused");
        co_return std::nullopt;
    }
    Response refusal(const Request&, const Error& error) override { return text_response(status_of(error), error.key); }
};

std::string chosen(const Router& router, Method method, std::string_view path, Origin origin = Origin::Main) {
    auto match = router.match(method, path, origin);
    if (!match.route) return match.allowed.empty() ? "404" : "405 " + match.allowed;
    auto text = match.route->pattern;
    for (const auto& [name, value] : match.parameters) text += " " + name + "=" + value;
    return text;
}

} // namespace

TEST_CASE("literal segments win over parameters and a tail takes what nothing else does") {
    Router router;
    for (auto* pattern : {"/", "/files", "/files/new", "/files/{id}", "/files/{id}/versions", "/files/{folder}/trash",
                          "/dav/{path...}", "/dav/status"})
        router.get(pattern, open_to_all, saying(pattern));
    router.post("/files/{id}", open_to_all, saying("post"));
    router.remove("/files/{id}", open_to_all, saying("remove"));
    struct {
        Method method;
        std::string_view path, expected;
    } cases[] = {
        {Method::Get, "/", "/"},
        {Method::Head, "/", "/"},
        {Method::Get, "/files", "/files"},
        {Method::Get, "/files/", "404"},
        {Method::Get, "/files/new", "/files/new"},
        {Method::Get, "/files/7z", "/files/{id} id=7z"},
        {Method::Get, "/files/new/versions", "/files/{id}/versions id=new"},
        {Method::Get, "/files/a b/trash", "/files/{folder}/trash folder=a b"},
        {Method::Get, "/dav/status", "/dav/status"},
        {Method::Get, "/dav/a/b/c", "/dav/{path...} path=a/b/c"},
        {Method::Get, "/dav/a/", "/dav/{path...} path=a/"},
        {Method::Get, "/dav/status/x", "/dav/{path...} path=status/x"},
        {Method::Get, "/dav", "404"},
        {Method::Get, "/nothing", "404"},
        {Method::Put, "/files", "405 GET, HEAD"},
        {Method::Put, "/files/7z", "405 GET, HEAD, POST, DELETE"},
        {Method::Post, "/dav/x", "405 GET, HEAD"},
    };
    for (const auto& [method, path, expected] : cases) {
        CAPTURE(path);
        CHECK(chosen(router, method, path) == expected);
    }
}

TEST_CASE("the origin of uploaded bytes has its own routes") {
    Router router;
    router.get("/bytes/{id}", {.access = Access::Guest, .body_limit = 0, .rate = Rate::Read, .origin = Origin::Content},
               saying("bytes"));
    CHECK(chosen(router, Method::Get, "/bytes/1", Origin::Content) == "/bytes/{id} id=1");
    CHECK(chosen(router, Method::Get, "/bytes/1", Origin::Main) == "404");
}

TEST_CASE("two routes of one shape are refused with the lines of both") {
    Router router;
    auto first = std::source_location::current();
    router.get("/files/{id}", open_to_all, saying("one"), first);
    router.post("/files/{id}", open_to_all, saying("other method"));
    std::string message;
    try {
        router.get("/files/{name}", open_to_all, saying("two"));
    } catch (const std::logic_error& error) {
        message = error.what();
    }
    CHECK(message.contains("router_test.cpp:" + std::to_string(first.line())));
    CHECK(message.find("router_test.cpp") != message.rfind("router_test.cpp"));
    CHECK(router.routes().size() == 2);
}

TEST_CASE("a test delivers through gatekeeper and router without a socket") {
    Router router;
    OpenGate gate;
    router.post("/echo/{id}", open_to_all, echo);
    auto streamed = open_to_all;
    streamed.body = Body::Streamed;
    router.put("/echo/{id}", streamed, echo);
    CHECK(deliver(router, gate, make_request(Method::Post, "/echo/%C3%A9t%C3%A9", "bonjour")).body == "été|bonjour");
    CHECK(deliver(router, gate, make_request(Method::Put, "/echo/1", "bonjour")).body == "1|bonjour");
    CHECK(deliver(router, gate, make_request(Method::Post, "/echo/1", std::string(17, 'x'))).status == 413);
    CHECK(deliver(router, gate, make_request(Method::Put, "/echo/1", std::string(17, 'x'))).status == 413);
    CHECK(deliver(router, gate, make_request(Method::Get, "/other")).status == 404);
    auto wrong = deliver(router, gate, make_request(Method::Get, "/echo/1"));
    CHECK(wrong.status == 405);
    CHECK(wrong.headers.find("allow") == "POST, PUT");
    auto request = make_request(Method::Post, "/echo/1");
    request.headers.add("X-Refuse", "1");
    CHECK(deliver(router, gate, std::move(request)).status == 403);
}

} // namespace preau::http
