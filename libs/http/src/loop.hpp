// One thread, one io_context, one acceptor on the shared port, and the connections that it accepted. Nothing of a loop
// is touched by another thread but through `post`.
#pragma once

#include "http_metrics.hpp"
#include "site.hpp"
#include "transport.hpp"

#include "base/executor.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace preau::http {

class Connection;

// What all loops share. Immutable after start, but for the atomics and the waiting.
struct Shared {
    const ServerOptions options;
    const Router& router;
    Gatekeeper& gatekeeper;
    Site site;
    TlsContext tls;
    std::atomic<bool> draining = false;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> listening = 0; // loops whose acceptor is open
    std::mutex mutex;
    std::condition_variable changed;

    void connection_ended();
    void acceptor_closed();
};

class Loop final : public Executor {
public:
    explicit Loop(Shared& shared);
    ~Loop() override;
    void listen(int listener); // bound and listening already; becomes this loop's
    void start();
    void post(std::move_only_function<void()> work) override;
    void drain();      // from any thread: no new connections, idle ones end
    void cut();        // from any thread: every wait on a socket fails
    void stop();       // from any thread, when no connection is left

    std::string_view date(); // of this second
    std::uint64_t next_request_id() { return request_ids_++; }
    LoopMetrics metrics;

private:
    void run();
    void accept_next();
    void accepted(Socket socket);
    void serve(Socket socket);
    void tick();

    Shared& shared_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer ticker_;
    boost::asio::steady_timer accept_pause_;
    std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
    std::uint64_t request_ids_;
    std::int64_t dated_second_ = 0;
    std::string date_;
    std::thread thread_;
};

} // namespace preau::http
