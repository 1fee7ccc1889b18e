// DIR/control.sock: how the command line reaches the server that runs on the same data. A Unix socket of mode 0600; the
// peer must be the same user or root (SO_PEERCRED), so that a lax directory gives nobody an administrator's account.
#pragma once

#include "order.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace preau::server {

class ControlServer {
public:
    // Throws std::system_error when the socket cannot be made. The caller holds the lock of the directory, so that a
    // socket that lies there is what a crash left behind.
    ControlServer(const std::filesystem::path& socket, std::function<Outcome(const Order&)> perform);
    ~ControlServer(); // ends after the order that runs
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

private:
    void serve();
    void answer(int peer);
    Outcome obey(const Order& order);

    std::filesystem::path path_;
    std::function<Outcome(const Order&)> perform_;
    int listener_ = -1;
    int stop_ = -1; // eventfd
    std::thread thread_;
};

// Nothing: no server listens there.
std::optional<Outcome> ask_server(const std::filesystem::path& socket, const Order& order);

} // namespace preau::server
