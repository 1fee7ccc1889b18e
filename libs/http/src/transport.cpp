#include "transport.hpp"

#include "base/clock.hpp"

#include <boost/asio/post.hpp>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace preau::http {
namespace {

constexpr int fair_calls = 16;
constexpr std::uint64_t file_piece = 512 * 1024; // of one sendfile: how long a cold disk may hold the loop

using boost::system::error_code;

struct Waiting {
    Socket& socket;
    Direction direction;
    error_code problem = {};
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) {
        auto kind = direction == Direction::In ? Socket::wait_read : Socket::wait_write;
        socket.async_wait(kind, [this, caller](error_code given) {
            problem = given;
            caller.resume();
        });
    }
    bool await_resume() const noexcept { return !problem; }
};

struct Yielding {
    Socket& socket;
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) {
        boost::asio::post(socket.get_executor(), [caller] { caller.resume(); });
    }
    void await_resume() noexcept {}
};

bool again(int problem) { return problem == EAGAIN || problem == EWOULDBLOCK; }

class PlainTransport final : public Transport {
public:
    using Transport::Transport;
    Task<bool> open() override { co_return true; }

    Task<Transferred> read_some(std::span<std::byte> buffer) override {
        co_await be_fair();
        while (true) {
            auto count = ::recv(descriptor(), buffer.data(), buffer.size(), 0);
            if (count >= 0) {
                bytes_in += static_cast<std::uint64_t>(count);
                co_return Transferred{.bytes = static_cast<std::size_t>(count)};
            }
            if (errno == EINTR) continue;
            if (!again(errno)) co_return Transferred{.failed = true};
            bool come = co_await ready(Direction::In);
            if (!come) co_return Transferred{.failed = true};
        }
    }

    Task<Transferred> write_some(std::span<const std::string_view> pieces, Next next) override {
        std::array<iovec, 4> gather{};
        auto count = std::min(pieces.size(), gather.size());
        for (std::size_t i = 0; i < count; ++i)
            gather[i] = {.iov_base = const_cast<char*>(pieces[i].data()), .iov_len = pieces[i].size()};
        msghdr message{};
        message.msg_iov = gather.data();
        message.msg_iovlen = count;
        co_await be_fair();
        while (true) {
            auto sent = ::sendmsg(descriptor(), &message, MSG_NOSIGNAL | (next == Next::File ? MSG_MORE : 0));
            if (sent >= 0) {
                bytes_out += static_cast<std::uint64_t>(sent);
                co_return Transferred{.bytes = static_cast<std::size_t>(sent)};
            }
            if (errno == EINTR) continue;
            if (!again(errno)) co_return Transferred{.failed = true};
            bool come = co_await ready(Direction::Out);
            if (!come) co_return Transferred{.failed = true};
        }
    }

    Task<Transferred> send_file_some(int file, std::uint64_t offset, std::uint64_t length) override {
        co_await be_fair();
        while (true) {
            auto at = static_cast<off_t>(offset);
            auto sent = ::sendfile(descriptor(), file, &at, std::min(length, file_piece));
            if (sent >= 0) {
                bytes_out += static_cast<std::uint64_t>(sent);
                co_return Transferred{.bytes = static_cast<std::size_t>(sent)};
            }
            if (errno == EINTR) continue;
            if (!again(errno)) co_return Transferred{.failed = true};
            bool come = co_await ready(Direction::Out);
            if (!come) co_return Transferred{.failed = true};
        }
    }

    void say_goodbye() override { ::shutdown(descriptor(), SHUT_WR); }
};

} // namespace

Transport::Transport(Socket socket) : socket_{std::move(socket)} {}
Transport::~Transport() = default;

void Transport::cancel() {
    cancelled_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Transport::expire() {
    timed_out_ = true;
    cancel();
}

Task<bool> Transport::ready(Direction direction) {
    if (cancelled_) co_return false;
    calls_in_a_row_ = 0;
    deadline_ = fixed_deadline_ ? fixed_deadline_ : patience_ ? monotonic_nanoseconds() + patience_ : 0;
    ++waiting_;
    bool come = co_await Waiting{socket_, direction};
    --waiting_;
    co_return come && !cancelled_;
}

Task<void> Transport::be_fair() {
    if (++calls_in_a_row_ < fair_calls) co_return;
    calls_in_a_row_ = 0;
    co_await Yielding{socket_};
}

std::unique_ptr<Transport> plain_transport(Socket socket) {
    return std::make_unique<PlainTransport>(std::move(socket));
}

Task<bool> write_all(Transport& transport, std::string_view first, std::string_view second, Transport::Next next) {
    std::array<std::string_view, 2> pieces{first, second};
    while (!pieces[0].empty() || !pieces[1].empty()) {
        auto sent = co_await transport.write_some(pieces, next);
        if (sent.failed) co_return false;
        for (auto& piece : pieces) {
            auto taken = std::min(piece.size(), sent.bytes);
            piece.remove_prefix(taken);
            sent.bytes -= taken;
        }
    }
    co_return true;
}

} // namespace preau::http
