// The HTTP/1.1 server: one loop per thread with its own SO_REUSEPORT acceptor, WebSocket, TLS. Every wait has a
// deadline, every buffer a bound, and `drain` lets running requests end.
#pragma once

#include "http/router.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preau::http {

struct Message {
    std::string data;
    bool binary = false;
};

class WebSocket {
public:
    virtual ~WebSocket() = default;
    virtual Task<std::optional<Message>> receive() = 0; // nothing: closed, by whom or why does not matter here
    virtual Task<void> send(Message message) = 0; // queued behind earlier ones; a slow reader is closed at 8 MiB
    virtual Task<void> close(std::uint16_t code, std::string reason) = 0; // RFC 6455 §7.4
};

// Who is asking and may they come in? Called before each handler; answers a refusal, or nothing to go on.
class Gatekeeper {
public:
    virtual ~Gatekeeper() = default;
    virtual Task<std::optional<Response>> admit(Request& request, const Route& route) = 0;
    // How errors look: 404 for no route, 405, 413, 431, 500, … also for Result errors that handlers pass on.
    virtual Response refusal(const Request& request, const Error& error) = 0;
    // What an exception of a handler means to the client, if more than 500: an overloaded database, a full disk.
    virtual std::optional<Error> error_of(std::exception_ptr failure) {
        static_cast<void>(failure);
        return std::nullopt;
    }
};

struct Limits {
    std::size_t header_bytes = 16 * 1024; // 431 above
    std::size_t target_bytes = 8 * 1024; // 414 above
    std::chrono::milliseconds header_deadline{10'000};
    std::chrono::milliseconds idle_deadline{60'000}; // between requests of one connection
    std::chrono::milliseconds progress_deadline{30'000}; // of a body without a byte, either way
    std::size_t connections = 20'000;
};

struct Tls {
    std::string certificate_file; // PEM chain
    std::string key_file;
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080; // 0 takes a free one
    int threads = 0; // 0: one per core
    std::optional<Tls> tls;
    std::string public_url = "http://localhost:8080"; // scheme, host, port that people use
    std::string content_url; // second origin for uploaded bytes; empty: none
    std::vector<std::string> trusted_proxies; // addresses whose X-Forwarded-* are believed
    Limits limits;
    // Bound and listening sockets that somebody else keeps open: systemd, or `preau supervise`. Empty: our own on
    // `address` and `port`. Who waits in the queue of a held socket when we drain is served by the next process.
    std::vector<int> listeners;
};

// Listening sockets on one address with SO_REUSEPORT, between which the kernel spreads connections; port 0 takes a free
// one. They belong to the caller. Throws if the address cannot be bound, saying what to do.
std::vector<int> open_listeners(const std::string& address, std::uint16_t port, std::size_t count);

class Server {
public:
    // Router and gatekeeper must outlive the server. Throws if the address cannot be bound, saying what to do.
    Server(ServerOptions options, const Router& router, Gatekeeper& gatekeeper);
    ~Server(); // drains, then stops
    std::uint16_t port() const;
    void start(); // spawns the threads and answers
    void
    drain(std::chrono::milliseconds deadline); // stops accepting, ends idle connections, waits for running requests
    std::string metrics() const; // Prometheus text

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::http
