#include "loop.hpp"

#include "connection.hpp"
#include "delivery.hpp"
#include "listeners.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace preau::http {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

// Fine enough for the shortest deadline, coarse enough to cost nothing.
milliseconds tick_of(const Limits& limits) {
    auto shortest = std::min({limits.header_deadline, limits.idle_deadline, limits.progress_deadline});
    return std::clamp(shortest / 4, milliseconds{5}, milliseconds{500});
}

constexpr std::string_view turned_away = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
                                         "Connection: close\r\n\r\n";

// A listener on [::] sees IPv4 clients as ::ffff:192.0.2.7; limits and trusted proxies are written without.
std::string address_of(const boost::asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

std::uint64_t first_request_id() {
    std::uint64_t bits = 0;
    SystemRandom{}.fill(std::as_writable_bytes(std::span{&bits, 1}));
    return (bits >> 2) & ~0xffff'ffffULL; // positive, and far from the ids of other loops and of earlier runs
}

} // namespace

void Shared::connection_ended() {
    if (connections.fetch_sub(1) != 1) return;
    std::lock_guard lock{mutex}; // so that a waiter between its check and its sleep is not missed
    changed.notify_all();
}

void Shared::acceptor_closed() {
    std::lock_guard lock{mutex};
    --listening;
    changed.notify_all();
}

Loop::Loop(Shared& shared)
    : shared_{shared}, work_{boost::asio::make_work_guard(context_)}, acceptor_{context_}, ticker_{context_},
      accept_pause_{context_}, request_ids_{first_request_id()} {}

Loop::~Loop() {
    if (thread_.joinable()) thread_.join();
}

void Loop::listen(int listener) {
    using boost::asio::ip::tcp;
    acceptor_.assign(is_ipv6_listener(listener) ? tcp::v6() : tcp::v4(), listener);
    acceptor_.non_blocking(true);
}

void Loop::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Loop::run() {
    ExecutorScope scope{this};
    accept_next();
    tick();
    context_.run();
}

void Loop::post(std::move_only_function<void()> work) { boost::asio::post(context_, std::move(work)); }

void Loop::stop() {
    post([this] {
        work_.reset();
        context_.stop();
    });
}

void Loop::accept_next() {
    acceptor_.async_accept([this](error_code problem, Socket socket) {
        if (!problem) {
            // Also when we drain since: the kernel took it from the queue for us, and nobody else can answer it.
            accepted(std::move(socket));
            if (acceptor_.is_open()) accept_next();
            return;
        }
        if (problem == boost::asio::error::operation_aborted || !acceptor_.is_open()) return;
        // Out of descriptors or memory: asking again at once would spin.
        log::warn("cannot accept a connection: {}", problem.message());
        accept_pause_.expires_after(milliseconds{100});
        accept_pause_.async_wait([this](error_code stopped) {
            if (!stopped && acceptor_.is_open()) accept_next();
        });
    });
}

void Loop::accepted(Socket socket) {
    metrics.accepted.fetch_add(1, std::memory_order_relaxed);
    if (shared_.connections.fetch_add(1) >= shared_.options.limits.connections) {
        shared_.connection_ended();
        metrics.turned_away.fetch_add(1, std::memory_order_relaxed);
        if (!shared_.tls)
            ::send(socket.native_handle(), turned_away.data(), turned_away.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return;
    }
    try {
        serve(std::move(socket));
    } catch (const std::exception& failure) { // no memory, or a peer that is gone already
        shared_.connection_ended();
        log::warn("a connection ends before its first request: {}", failure.what());
    }
}

void Loop::serve(Socket socket) {
    socket.non_blocking(true);
    error_code ignored; // a peer that has left already is noticed by the first read
    socket.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
    auto peer = address_of(socket.remote_endpoint(ignored).address());
    auto transport = shared_.tls ? tls_transport(std::move(socket), *shared_.tls) : plain_transport(std::move(socket));
    auto owned = std::make_unique<Connection>(shared_, *this, std::move(transport), std::move(peer));
    auto* connection = owned.get();
    connections_.emplace(connection, std::move(owned));
    metrics.open.fetch_add(1, std::memory_order_relaxed);
    preau::start(connection->serve(), [this, connection](std::exception_ptr failure) {
        if (failure) log::error("a connection ended by an exception of the server itself");
        metrics.open.fetch_sub(1, std::memory_order_relaxed);
        connections_.erase(connection);
        shared_.connection_ended();
    });
}

void Loop::tick() {
    ticker_.expires_after(tick_of(shared_.options.limits));
    ticker_.async_wait([this](error_code stopped) {
        if (stopped) return;
        auto now = monotonic_nanoseconds();
        for (auto& [connection, owned] : connections_) {
            if (!connection->transport().expired(now)) continue;
            metrics.expired.fetch_add(1, std::memory_order_relaxed);
            connection->transport().expire(); // completes through the loop, never here: the map stays as it is
        }
        tick();
    });
}

void Loop::drain() {
    post([this] {
        if (!acceptor_.is_open()) return; // drained before
        error_code ignored;
        // Whoever is in the queue of this socket already was promised an answer by the kernel; by us, unless a
        // supervisor holds the socket for the process that comes after us.
        while (shared_.options.listeners.empty()) {
            error_code none;
            Socket waiting{context_};
            acceptor_.accept(waiting, none);
            if (none) break;
            accepted(std::move(waiting));
        }
        acceptor_.close(ignored);
        accept_pause_.cancel();
        for (auto& [connection, owned] : connections_) connection->drain();
        // Behind an accept that had succeeded already and waits for its turn.
        boost::asio::post(context_, [this] { shared_.acceptor_closed(); });
    });
}

void Loop::cut() {
    post([this] {
        for (auto& [connection, owned] : connections_) connection->transport().cancel();
    });
}

std::string_view Loop::date() {
    auto second = SystemClock{}.now() / 1000;
    if (second != dated_second_) {
        dated_second_ = second;
        date_ = imf_fixdate(second);
    }
    return date_;
}

} // namespace preau::http
