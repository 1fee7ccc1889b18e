#include "http/server.hpp"

#include "loop.hpp"

#include "base/log.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <csignal>
#include <stdexcept>
#include <thread>

namespace preau::http {
namespace {

namespace ip = boost::asio::ip;

ip::tcp::endpoint endpoint_of(const ServerOptions& options) {
    boost::system::error_code problem;
    auto address = ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, problem);
    if (problem)
        throw std::runtime_error(fmt::format(
            "'{}' is not an address to listen on: write one as 0.0.0.0, 127.0.0.1 or [::]", options.address));
    return {address, options.port};
}

// SO_REUSEPORT lets a second server of the same user listen beside the first, and half of the visitors would meet each.
// A socket without it finds out.
void check_free(const ip::tcp::endpoint& where) {
    boost::asio::io_context context;
    ip::tcp::acceptor probe{context, where.protocol()};
    probe.set_option(boost::asio::socket_base::reuse_address{true});
    probe.bind(where);
    probe.listen(1);
}

std::size_t thread_count(int stated) {
    return stated > 0 ? static_cast<std::size_t>(stated) : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

struct Server::Inner {
    Shared shared;
    std::vector<std::unique_ptr<Loop>> loops;
    std::uint16_t port = 0;
    bool started = false;

    void listen();
    void wait_for_end(std::chrono::milliseconds deadline);
};

void Server::Inner::listen() {
    auto where = endpoint_of(shared.options);
    try {
        if (where.port() != 0) check_free(where);
        for (std::size_t i = 0; i < thread_count(shared.options.threads); ++i) {
            loops.push_back(std::make_unique<Loop>(shared));
            loops.back()->listen(where);
            where.port(loops.front()->port());
        }
    } catch (const boost::system::system_error& problem) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}:{}: {}. Is another server running there? Choose another "
                        "address with --listen HOST:PORT.",
                        shared.options.address, shared.options.port, problem.code().message()));
    }
    port = where.port();
    shared.site.set_port(port);
}

void Server::Inner::wait_for_end(std::chrono::milliseconds deadline) {
    std::unique_lock lock{shared.mutex};
    auto none = [&] { return shared.connections == 0 && shared.listening == 0; };
    if (shared.changed.wait_for(lock, deadline, none)) return;
    log::warn("{} connections are cut: they did not end in time", shared.connections.load());
    lock.unlock();
    for (auto& loop : loops) loop->cut();
    lock.lock();
    // A handler that has started is always awaited: its frame holds what a database thread may be writing to.
    shared.changed.wait(lock, none);
}

Server::Server(ServerOptions options, const Router& router, Gatekeeper& gatekeeper) {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL and sendfile write without MSG_NOSIGNAL
    Site site{options};
    auto tls = options.tls ? make_tls_context(options.tls->certificate_file, options.tls->key_file) : TlsContext{};
    inner_.reset(new Inner{.shared = {.options = std::move(options),
                                      .router = router,
                                      .gatekeeper = gatekeeper,
                                      .site = std::move(site),
                                      .tls = std::move(tls)}});
    inner_->listen();
}

Server::~Server() {
    if (!inner_->started) return;
    drain(std::chrono::seconds{5});
    for (auto& loop : inner_->loops) loop->stop();
    inner_->loops.clear(); // joins
}

std::uint16_t Server::port() const { return inner_->port; }

void Server::start() {
    inner_->started = true;
    inner_->shared.listening = inner_->loops.size();
    for (auto& loop : inner_->loops) loop->start();
}

void Server::drain(std::chrono::milliseconds deadline) {
    inner_->shared.draining = true;
    for (auto& loop : inner_->loops) loop->drain();
    inner_->wait_for_end(deadline);
}

std::string Server::metrics() const {
    std::vector<const LoopMetrics*> all;
    for (const auto& loop : inner_->loops) all.push_back(&loop->metrics);
    return prometheus_text(all);
}

} // namespace preau::http
