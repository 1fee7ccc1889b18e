#include "control_socket.hpp"

#include "base/log.hpp"

#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace preau::server {
namespace {

constexpr std::size_t longest_line = 1024 * 1024;
constexpr int server_patience_ms = 10'000;  // for a peer that says nothing
constexpr int client_patience_ms = 3'600'000; // for an académie's first import

class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }

private:
    int number_;
};

// sun_path holds 108 bytes and a data directory may be deeper: the address goes through an open directory instead.
struct SocketAddress {
    explicit SocketAddress(const std::filesystem::path& path)
        : directory{::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)} {
        address.sun_family = AF_UNIX;
        auto text = fmt::format("/proc/self/fd/{}/{}", directory.number(), path.filename().string());
        std::memcpy(address.sun_path, text.c_str(), std::min(text.size() + 1, sizeof address.sun_path - 1));
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
    Descriptor directory;
    sockaddr_un address{};
};

bool readable_within(int descriptor, int milliseconds) {
    pollfd wait{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, milliseconds) == 1;
}

std::string read_line(int descriptor, int patience_ms) {
    std::string line;
    char buffer[4096];
    while (!line.contains('\n') && line.size() < longest_line && readable_within(descriptor, patience_ms)) {
        auto count = ::read(descriptor, buffer, sizeof buffer);
        if (count <= 0) break;
        line.append(buffer, static_cast<std::size_t>(count));
    }
    return line.substr(0, line.find('\n'));
}

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto count = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
        if (count <= 0) return; // the command was interrupted; what it asked for is done all the same
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool is_trusted(int peer) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
    return who.uid == 0 || who.uid == ::geteuid();
}

[[noreturn]] void fail_to(const char* what, const std::filesystem::path& path) {
    throw std::system_error{errno, std::generic_category(), fmt::format("{} {}", what, path.string())};
}

} // namespace

ControlServer::ControlServer(const std::filesystem::path& socket, std::function<Outcome(const Order&)> perform)
    : path_{socket}, perform_{std::move(perform)} {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    stop_ = ::eventfd(0, EFD_CLOEXEC);
    if (listener_ < 0 || stop_ < 0) fail_to("socket for", path_);
    ::unlink(path_.c_str());
    SocketAddress address{path_};
    if (::bind(listener_, address.get(), sizeof address.address) != 0) fail_to("bind", path_);
    // Between bind and listen nobody can connect, so the mode is right before the first peer.
    if (::chmod(path_.c_str(), S_IRUSR | S_IWUSR) != 0) fail_to("chmod", path_);
    if (::listen(listener_, 8) != 0) fail_to("listen", path_);
    thread_ = std::thread{[this] { serve(); }};
}

ControlServer::~ControlServer() {
    std::uint64_t one = 1;
    (void)!::write(stop_, &one, sizeof one);
    thread_.join();
    ::unlink(path_.c_str());
    ::close(listener_);
    ::close(stop_);
}

void ControlServer::serve() {
    for (;;) {
        pollfd waits[] = {{.fd = listener_, .events = POLLIN, .revents = 0},
                          {.fd = stop_, .events = POLLIN, .revents = 0}};
        if (::poll(waits, 2, -1) < 0 && errno != EINTR) return;
        if (waits[1].revents) return;
        if (!waits[0].revents) continue;
        Descriptor peer{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)};
        if (peer.number() >= 0) answer(peer.number());
    }
}

void ControlServer::answer(int peer) {
    if (!is_trusted(peer)) {
        log::warn("control socket: a process of another user was refused");
        return write_all(peer, to_line(failed("run preau as the user that the server runs as, or as root")));
    }
    auto order = order_of(read_line(peer, server_patience_ms));
    write_all(peer, to_line(order ? obey(*order) : failed("the order was not understood")));
}

// Whatever goes wrong with one order, the server and all who use it go on.
Outcome ControlServer::obey(const Order& order) {
    try {
        return perform_(order);
    } catch (const std::exception& failure) {
        log::error("order verb={} failed: {}", order.verb, failure.what());
        return failed(std::string{"it did not work: "} + failure.what() + ". Run preau doctor");
    }
}

std::optional<Outcome> ask_server(const std::filesystem::path& socket, const Order& order) {
    Descriptor peer{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    SocketAddress address{socket};
    if (::connect(peer.number(), address.get(), sizeof address.address) != 0) {
        if (errno == EACCES) return failed("run preau as the user that the server runs as, or as root");
        return std::nullopt;
    }
    write_all(peer.number(), to_line(order));
    auto outcome = outcome_of(read_line(peer.number(), client_patience_ms));
    if (!outcome) return failed("the server stopped before it answered: try again once it runs");
    return *outcome;
}

} // namespace preau::server
