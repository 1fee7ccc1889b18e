// The bytes of one connection: non-blocking system calls first, and only when the kernel says "not now" a wait in the
// loop, with a deadline. Plain TCP or TLS behind one interface. All calls on the thread of the connection's loop.
#pragma once

#include "base/task.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace preau::http {

using Socket = boost::asio::ip::tcp::socket;

struct Transferred {
    std::size_t bytes = 0; // 0 without failure: the peer has ended its side
    bool failed = false;   // reset, deadline, or ended by us
};

enum class Direction { In, Out };

class Transport {
public:
    // Whether more follows at once: a head then leaves in one packet with the first bytes of its file.
    enum class Next { Nothing, File };
    explicit Transport(Socket socket);
    virtual ~Transport();

    virtual Task<bool> open() = 0; // the TLS handshake
    virtual Task<Transferred> read_some(std::span<std::byte> buffer) = 0;
    virtual Task<Transferred> write_some(std::span<const std::string_view> pieces, Next next = Next::Nothing) = 0;
    virtual Task<Transferred> send_file_some(int file, std::uint64_t offset, std::uint64_t length) = 0;
    virtual void say_goodbye() = 0; // close_notify and FIN, without waiting

    // One wait at a time has a deadline: a fixed moment, or patience that starts anew with every wait and so measures
    // progress. The tick of the loop asks `expired`, so that no timer is armed per read.
    void wait_until(std::int64_t moment) { fixed_deadline_ = moment; }
    void wait_patiently(std::int64_t nanoseconds) {
        fixed_deadline_ = 0;
        patience_ = nanoseconds;
    }
    bool expired(std::int64_t now) const { return waiting_ > 0 && deadline_ != 0 && now > deadline_; }
    void hurry(std::int64_t moment) { // also the wait that is going on
        fixed_deadline_ = deadline_ = moment;
    }
    bool timed_out() const { return timed_out_; }
    void expire(); // every wait, now and later, fails
    void cancel();

    Socket& socket() { return socket_; }
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;

protected:
    Task<bool> ready(Direction direction); // false: cancelled or over its deadline
    // A peer that is always ready would keep the loop for itself: after some calls in a row the others come first.
    Task<void> be_fair();
    int descriptor() { return socket_.native_handle(); }

private:
    Socket socket_;
    std::int64_t fixed_deadline_ = 0; // monotonic nanoseconds; 0: none
    std::int64_t patience_ = 0; // 0: for ever, for WebSockets, which Beast pings
    std::int64_t deadline_ = 0; // of the wait that is going on
    int waiting_ = 0;
    int calls_in_a_row_ = 0;
    bool timed_out_ = false;
    bool cancelled_ = false;
};

std::unique_ptr<Transport> plain_transport(Socket socket);
std::unique_ptr<Transport> tls_transport(Socket socket, SSL_CTX& context);

// Writes all of it, or answers false.
Task<bool> write_all(Transport& transport, std::string_view first, std::string_view second = {},
                     Transport::Next next = Transport::Next::Nothing);

struct TlsContextFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextFree>;
// TLS 1.2 and later, ALPN http/1.1. Throws with the file that is wrong and what OpenSSL says about it.
TlsContext make_tls_context(const std::string& certificate_file, const std::string& key_file);

} // namespace preau::http
