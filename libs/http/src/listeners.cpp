#include "listeners.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace preau::http {
namespace {

namespace ip = boost::asio::ip;

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

ip::tcp::endpoint endpoint_of(const std::string& text, std::uint16_t port) {
    boost::system::error_code problem;
    auto address = ip::make_address(text == "localhost" ? "127.0.0.1" : text, problem);
    if (problem)
        throw std::runtime_error(
            fmt::format("'{}' is not an address to listen on: write one as 0.0.0.0, 127.0.0.1 or [::]", text));
    return {address, port};
}

// SO_REUSEPORT lets a second server of the same user listen beside the first, and half of the visitors would meet each.
// A socket without it finds out.
void check_free(boost::asio::io_context& context, const ip::tcp::endpoint& where) {
    ip::tcp::acceptor probe{context, where.protocol()};
    probe.set_option(boost::asio::socket_base::reuse_address{true});
    probe.bind(where);
    probe.listen(1);
}

int listener_on(boost::asio::io_context& context, const ip::tcp::endpoint& where) {
    ip::tcp::acceptor acceptor{context, where.protocol()};
    acceptor.set_option(boost::asio::socket_base::reuse_address{true});
    acceptor.set_option(ReusePort{true});
    acceptor.bind(where);
    acceptor.listen(4096);
    return acceptor.release();
}

sockaddr_storage name_of(int descriptor) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    int listening = 0;
    socklen_t length = sizeof listening;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0 ||
        ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0 || !listening ||
        (name.ss_family != AF_INET && name.ss_family != AF_INET6))
        throw std::runtime_error(fmt::format("descriptor {} is no listening TCP socket", descriptor));
    return name;
}

} // namespace

std::vector<int> open_listeners(const std::string& address, std::uint16_t port, std::size_t count) {
    boost::asio::io_context context;
    auto where = endpoint_of(address, port);
    std::vector<int> listeners;
    try {
        if (port != 0) check_free(context, where);
        for (std::size_t number = 0; number < count; ++number) {
            listeners.push_back(listener_on(context, where));
            where.port(port_of_listener(listeners.front()));
        }
    } catch (const boost::system::system_error& problem) {
        for (int listener : listeners) ::close(listener);
        throw std::runtime_error(
            fmt::format("cannot listen on {}:{}: {}. Is another server running there? Choose another "
                        "address with --listen HOST:PORT.",
                        address, port, problem.code().message()));
    }
    return listeners;
}

std::vector<int> taken_listeners(const std::vector<int>& held, std::size_t loops) {
    std::vector<int> listeners;
    for (int descriptor : held) {
        name_of(descriptor);
        listeners.push_back(descriptor);
    }
    // Fewer sockets than threads: some share one. Who finds nothing to accept goes on waiting.
    while (listeners.size() < loops) {
        const int copy = ::fcntl(held[listeners.size() % held.size()], F_DUPFD_CLOEXEC, 3);
        if (copy < 0) throw std::runtime_error("no descriptor is left for a listening socket");
        listeners.push_back(copy);
    }
    return listeners;
}

std::uint16_t port_of_listener(int descriptor) {
    const auto name = name_of(descriptor);
    return ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(name).sin6_port
                                            : reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

bool is_ipv6_listener(int descriptor) { return name_of(descriptor).ss_family == AF_INET6; }

} // namespace preau::http
