#include "http/server.hpp"

#include "listeners.hpp"
#include "loop.hpp"

#include "base/log.hpp"

#include <csignal>
#include <thread>

namespace preau::http {
namespace {

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
    const auto& options = shared.options;
    const auto threads = thread_count(options.threads);
    // A held socket that nobody accepts from would leave its visitors waiting for ever: at least a loop for each.
    const auto count = std::max(threads, options.listeners.size());
    const auto listeners = options.listeners.empty() ? open_listeners(options.address, options.port, count)
                                                     : taken_listeners(options.listeners, count);
    for (int listener : listeners) {
        loops.push_back(std::make_unique<Loop>(shared));
        loops.back()->listen(listener);
    }
    port = port_of_listener(listeners.front());
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
