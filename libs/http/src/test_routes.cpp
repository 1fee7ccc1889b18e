#include "test_routes.hpp"

#include "test_server.hpp"

#include "base/text.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace preau::http {
namespace {

Task<Response> hello(Request& request) {
    co_return text_response(200, "bonjour " + std::string{request.query("name")});
}

Task<Response> redirect_to(Request& request) { co_return redirect(request.query("to")); }

Task<Response> page() {
    std::string html = "<!doctype html><p>";
    for (int i = 0; i < 400; ++i) html += "ligne " + std::to_string(i) + " ";
    auto response = text_response(200, std::move(html), "text/html; charset=utf-8");
    response.headers.set("ETag", "\"page-1\"");
    co_return response;
}

Task<Response> big() { co_return text_response(200, std::string(32 * 1024 * 1024, 'x')); }

Task<Response> file(TestRoutes& routes) {
    Response response{.body = FileBody{.descriptor = routes.file, .offset = 0, .length = routes.file_text.size()}};
    response.headers.set("Content-Type", "application/octet-stream");
    response.headers.set("ETag", "\"file-1\"");
    response.headers.set("Last-Modified", "Mon, 07 Sep 2026 07:00:00 GMT");
    co_return response;
}

Task<std::size_t> next_piece(TestRoutes& routes, std::span<std::byte> buffer) {
    if (routes.streamed == stream_pieces) co_return 0U;
    ++routes.streamed;
    std::fill_n(buffer.data(), stream_piece_size, std::byte{'s'});
    co_return stream_piece_size;
}

Task<Response> stream(TestRoutes& routes) {
    routes.streamed = 0;
    co_return Response{.body =
                           StreamBody{[&routes](std::span<std::byte> buffer) { return next_piece(routes, buffer); }}};
}

Task<std::size_t> fail_late(std::shared_ptr<int> calls, std::span<std::byte> buffer) {
    if (++*calls > 1) throw std::runtime_error("the bytes have gone");
    buffer[0] = std::byte{'x'};
    co_return 1U;
}

Task<Response> broken_stream() {
    // shared: std::function copies, the count is one
    co_return Response{.body = StreamBody{[calls = std::make_shared<int>(0)](std::span<std::byte> buffer) {
                           return fail_late(calls, buffer);
                       }}};
}

// "piece 0 …" from memory, then a stretch of the file, and so on.
class Layers final : public Segments {
public:
    explicit Layers(TestRoutes& routes) : routes_{routes} {}
    std::uint64_t length() const override { return routes_.layers().size(); }
    Task<Segment> from(std::uint64_t offset) override {
        if (routes_.layers_end && offset >= *routes_.layers_end) throw std::runtime_error("the bytes have gone");
        const auto layer = offset / layer_size;
        const auto inside = offset % layer_size;
        if (inside < layer_head) co_return Segment{.bytes = routes_.layers().substr(offset, layer_head - inside)};
        const auto skip = inside - layer_head;
        co_return Segment{.file = {routes_.file, layer * 1000 + skip, layer_size - layer_head - skip}};
    }

private:
    TestRoutes& routes_;
};

Task<Response> layered(TestRoutes& routes) {
    Response response{.body = std::make_shared<Layers>(routes)};
    response.headers.set("ETag", "\"layers-1\"");
    co_return response;
}

Task<Response> echo(Request& request) { co_return text_response(200, request.body); }

Task<Response> count_upload(Request& request) {
    std::vector<std::byte> buffer(8192);
    std::uint64_t total = 0;
    while (true) {
        auto count = co_await request.stream->read(buffer);
        if (!count) co_return text_response(status_of(count.error()), count.error().key);
        if (*count == 0) break;
        total += *count;
    }
    co_return text_response(200, std::to_string(total));
}

Task<Response> ignore_upload() { co_return text_response(200, "ignored"); }

Task<Response> describe(Request& request) {
    co_return text_response(200, request.path + "|" + request.host + "|" + request.peer + "|" +
                                     (request.secure ? "secure" : "plain") + "|" +
                                     (request.content_origin ? "content" : "main"));
}

Task<Response> throws(bool overloaded) {
    if (overloaded) throw Overloaded{};
    throw std::runtime_error("broken world");
    co_return Response{};
}

Task<Response> wait_at(Barrier& barrier) {
    co_await barrier.pass();
    co_return text_response(200, "passed");
}

Task<void> echo_socket(WebSocket& socket) {
    while (auto message = co_await socket.receive()) {
        if (message->data == "close") co_await socket.close(4000, "as asked");
        if (message->data == "flood")
            for (int i = 0; i < 64; ++i) co_await socket.send({.data = std::string(1024 * 1024, 'f')});
        co_await socket.send(*std::move(message));
    }
}

std::shared_ptr<const int> unnamed_file(std::string_view text) {
    char name[] = "/tmp/preau-http-XXXXXX";
    int descriptor = ::mkstemp(name);
    if (descriptor < 0) throw std::runtime_error("no temporary file");
    ::unlink(name);
    if (::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("short write");
    return {new int{descriptor}, [](const int* open) {
                ::close(*open);
                delete open;
            }};
}

} // namespace

Barrier::~Barrier() {
    open();
    for (auto& thread : threads_) thread.join();
}

Task<void> Barrier::pass() {
    co_await off_thread<bool>([this](auto done) {
        std::lock_guard lock{mutex_};
        threads_.emplace_back([this, done]() mutable {
            std::unique_lock waiting{mutex_};
            ++arrived_;
            changed_.notify_all();
            changed_.wait(waiting, [this] { return open_; });
            waiting.unlock();
            done(true);
        });
    });
}

void Barrier::wait_for_arrival() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return arrived_ > 0; });
}

void Barrier::open() {
    std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
}

TestRoutes::TestRoutes() {
    for (int i = 0; file_text.size() < 3'000'000; ++i) file_text += std::to_string(i) + " ";
    for (std::size_t layer = 0; layer < layer_count; ++layer)
        layers_ += std::string(layer_head, static_cast<char>('A' + layer % 26)) +
                   file_text.substr(layer * 1000, layer_size - layer_head);
    file = unnamed_file(file_text);
    constexpr Rule reading{.access = Access::Guest, .body_limit = 0, .rate = Rate::Free};
    constexpr Rule writing{.access = Access::Guest, .body_limit = 64 * 1024, .rate = Rate::Free};
    constexpr Rule upload{
        .access = Access::Guest, .body_limit = 8 * 1024 * 1024, .rate = Rate::Free, .body = Body::Streamed};
    auto content = reading;
    content.origin = Origin::Content;
    router.get("/hello", reading, [](Request& request) { return hello(request); });
    router.get("/redirect", reading, [](Request& request) { return redirect_to(request); });
    router.get("/page", reading, [](Request&) { return page(); });
    router.get("/big", reading, [](Request&) { return big(); });
    router.get("/file", reading, [this](Request&) { return http::file(*this); });
    router.get("/layers", reading, [this](Request&) { return layered(*this); });
    router.get("/stream", reading, [this](Request&) { return stream(*this); });
    router.get("/broken-stream", reading, [](Request&) { return broken_stream(); });
    router.post("/echo", writing, [](Request& request) { return echo(request); });
    router.put("/upload", upload, [](Request& request) { return count_upload(request); });
    router.put("/ignored", upload, [](Request&) { return ignore_upload(); });
    router.get("/about/{rest...}", reading, [](Request& request) { return describe(request); });
    router.get("/about/{rest...}", content, [](Request& request) { return describe(request); });
    router.get("/throws", reading, [](Request&) { return throws(false); });
    router.get("/overloaded", reading, [](Request&) { return throws(true); });
    router.get("/wait", reading, [this](Request&) { return wait_at(barrier); });
    router.socket("/socket", reading, [](Request&, WebSocket& socket) { return echo_socket(socket); });
}

} // namespace preau::http
