#include "web_socket.hpp"

#include "base/log.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>

namespace preau::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr std::size_t most_message = 1024 * 1024;
constexpr std::size_t most_queued = 8 * 1024 * 1024;

template <class Buffers> std::span<std::byte> first_space(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
        asio::mutable_buffer buffer = *at;
        if (buffer.size() > 0) return {static_cast<std::byte*>(buffer.data()), buffer.size()};
    }
    return {};
}

template <class Buffers> std::string_view first_bytes(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
        asio::const_buffer buffer = *at;
        if (buffer.size() > 0) return {static_cast<const char*>(buffer.data()), buffer.size()};
    }
    return {};
}

// Coroutines by value: what they are given is gone when the initiating call returns.
Task<Transferred> read_from(Inbox& inbox, std::span<std::byte> space) {
    if (auto waiting = inbox.view(); !waiting.empty()) {
        auto count = std::min(waiting.size(), space.size());
        std::copy_n(reinterpret_cast<const std::byte*>(waiting.data()), count, space.data());
        inbox.take(count);
        co_return Transferred{.bytes = count};
    }
    co_return co_await inbox.read_past(space);
}

Task<Transferred> write_to(Inbox& inbox, std::string_view bytes) {
    co_return co_await inbox.transport().write_some(std::span{&bytes, 1});
}

error_code problem_of(const Transferred* done, bool reading) {
    if (!done || done->failed) return asio::error::connection_reset;
    return reading && done->bytes == 0 ? error_code{asio::error::eof} : error_code{};
}

// Beast's AsyncStream over our transport, with what the inbox holds first.
struct TransportStream {
    Inbox& inbox;

    using executor_type = Socket::executor_type;
    executor_type get_executor() { return inbox.transport().socket().get_executor(); }

    template <class Handler> void run(Task<Transferred> task, bool reading, Handler handler) {
        auto executor = get_executor();
        start(std::move(task),
              [executor, reading, handler = std::move(handler)](std::exception_ptr, Transferred* done) mutable {
                  // Always through the loop: a completion may not come before the initiating function has returned.
                  asio::post(executor, beast::bind_front_handler(std::move(handler), problem_of(done, reading),
                                                                 done ? done->bytes : 0));
              });
    }
    template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, std::span<std::byte> space) {
                run(read_from(inbox, space), true, std::move(handler));
            },
            token, first_space(buffers));
    }
    template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, std::string_view bytes) { run(write_to(inbox, bytes), false, std::move(handler)); },
            token, first_bytes(buffers));
    }
};

// Found by Beast through argument-dependent lookup.
template <class Handler> void async_teardown(beast::role_type, TransportStream& stream, Handler&& handler) {
    stream.inbox.transport().say_goodbye();
    asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
}
[[maybe_unused]] void teardown(beast::role_type, TransportStream& stream, error_code& problem) {
    stream.inbox.transport().say_goodbye();
    problem = {};
}
[[maybe_unused]] void beast_close_socket(TransportStream& stream) { stream.inbox.transport().cancel(); }

std::string upgrade_request(const Request& request) {
    auto head = "GET " + request.target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers.all()) head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

} // namespace

struct BeastSocket::Inner {
    websocket::stream<TransportStream> stream;
    beast::flat_buffer incoming;
    std::deque<Message> outgoing; // the first one is being written
    std::size_t queued_bytes = 0;
    int under_way = 0; // operations whose completion names this object
    bool closing = false;
    bool over = false; // nothing more can be sent or received
    std::optional<websocket::close_reason> reason;
    std::coroutine_handle<> waits_for_quiet; // until under_way is zero

    explicit Inner(Inbox& inbox) : stream{TransportStream{inbox}} {}
    void ended() {
        if (--under_way == 0 && waits_for_quiet) std::exchange(waits_for_quiet, {}).resume();
    }
    void cut() {
        over = true;
        stream.next_layer().inbox.transport().cancel();
    }
    void write_next();
    void written(error_code problem);
    void begin_close();
};

namespace {

// co_await of an operation of Beast: `launch(handler)` with handler(error_code, size).
template <class Launch> struct Operation {
    Launch launch;
    error_code problem = {};
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) {
        launch([this, caller](error_code given, auto...) {
            problem = given;
            caller.resume();
        });
    }
    error_code await_resume() const noexcept { return problem; }
};

struct Quiet {
    int& under_way;
    std::coroutine_handle<>& waiter;
    bool await_ready() noexcept { return under_way == 0; }
    void await_suspend(std::coroutine_handle<> caller) { waiter = caller; }
    void await_resume() noexcept {}
};

} // namespace

void BeastSocket::Inner::write_next() {
    if (over || outgoing.empty()) return begin_close();
    const auto& message = outgoing.front();
    stream.binary(message.binary);
    ++under_way;
    stream.async_write(asio::buffer(message.data), [this](error_code problem, std::size_t) { written(problem); });
}

void BeastSocket::Inner::written(error_code problem) {
    queued_bytes -= outgoing.front().data.size();
    outgoing.pop_front();
    if (problem) over = true;
    if (over) {
        outgoing.clear();
        queued_bytes = 0;
    }
    write_next();
    ended();
}

void BeastSocket::Inner::begin_close() {
    if (!reason || over || closing || !outgoing.empty()) return;
    closing = true;
    ++under_way;
    stream.async_close(*reason, [this](error_code) {
        over = true;
        ended();
    });
}

BeastSocket::BeastSocket(Inbox& inbox) : inner_{std::make_unique<Inner>(inbox)} {
    inner_->stream.read_message_max(most_message);
    inner_->stream.auto_fragment(false);
    websocket::stream_base::timeout patience{};
    patience.handshake_timeout = std::chrono::seconds{10}; // of the closing handshake too
    patience.idle_timeout = std::chrono::seconds{60};
    patience.keep_alive_pings = true;
    inner_->stream.set_option(patience);
}
BeastSocket::~BeastSocket() = default;

Task<void> BeastSocket::serve(Request& request, const Route& route) {
    auto head = upgrade_request(request);
    // Beast reads the request again, from bytes, so that its own checks of the handshake apply (RFC 6455 §4.2).
    beast::http::request_parser<beast::http::empty_body> parser;
    error_code problem;
    parser.put(asio::buffer(head), problem);
    if (problem) co_return;
    auto handshake = [&](auto handler) { inner_->stream.async_accept(parser.get(), std::move(handler)); };
    problem = co_await Operation<decltype(handshake)>{handshake};
    if (problem) co_return;
    std::exception_ptr failure;
    try {
        co_await route.socket(request, *this);
    } catch (const std::exception& error) {
        log::error("a WebSocket handler failed: {}", error.what());
        failure = std::current_exception();
    }
    co_await close(failure ? websocket::close_code::internal_error : websocket::close_code::normal, {});
    co_await Quiet{inner_->under_way, inner_->waits_for_quiet};
}

void BeastSocket::go_away() {
    if (!inner_->reason) inner_->reason.emplace(websocket::close_code::going_away);
    inner_->begin_close();
}

Task<std::optional<Message>> BeastSocket::receive() {
    if (inner_->over) co_return std::nullopt;
    auto read = [&](auto handler) { inner_->stream.async_read(inner_->incoming, std::move(handler)); };
    auto problem = co_await Operation<decltype(read)>{read};
    if (problem) {
        inner_->over = true;
        co_return std::nullopt;
    }
    Message message{.data = beast::buffers_to_string(inner_->incoming.data()), .binary = inner_->stream.got_binary()};
    inner_->incoming.consume(inner_->incoming.size());
    co_return message;
}

Task<void> BeastSocket::send(Message message) {
    if (inner_->over || inner_->reason) co_return;
    if (inner_->queued_bytes + message.data.size() > most_queued) {
        inner_->cut(); // a reader this slow would fill our memory; it comes back and asks for what it missed
        co_return;
    }
    inner_->queued_bytes += message.data.size();
    inner_->outgoing.push_back(std::move(message));
    if (inner_->outgoing.size() == 1) inner_->write_next();
}

Task<void> BeastSocket::close(std::uint16_t code, std::string reason) {
    if (inner_->reason || inner_->over) co_return;
    inner_->reason.emplace(static_cast<websocket::close_code>(code),
                           reason.substr(0, 120)); // a control frame holds 125
    inner_->begin_close();
}

} // namespace preau::http
