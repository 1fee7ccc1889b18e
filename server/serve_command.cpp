// `preau serve`: opens the installation, listens, and leaves in good order on SIGTERM or SIGINT.
#include "commands.hpp"
#include "control_socket.hpp"
#include "held_sockets.hpp"
#include "installation.hpp"
#include "upkeep.hpp"
#include "version.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace preau::server {
namespace {

// Blocked in this thread before any other starts, so that all inherit it and only wait_for_end() receives them.
sigset_t block_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    ::signal(SIGPIPE, SIG_IGN); // a peer that leaves is an error of that write, not the end of the server
    return ends;
}

void wait_for_end(const sigset_t& ends) {
    int signal = 0;
    while (::sigwait(&ends, &signal) != 0) {
    }
}

// Sessions start with a soft limit of 1,024 descriptors for the sake of select(2), which nobody here calls: a school at
// eight o'clock needs a connection for each phone.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit); // refused: the server works with what it has, and preau doctor says so
}

// Port 0 asks for any free one, but the public address must be known before the server is built. Another process may
// take the port in between; then binding fails and says so.
std::uint16_t free_port() {
    int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bool found = probe >= 0 && ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                 ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (probe >= 0) ::close(probe);
    return found ? ntohs(address.sin_port) : std::uint16_t{0};
}

// A quarter of the descriptors is kept for what answers need: files, the database. Without them a server that is full
// could not even say so.
http::Limits affordable_limits() {
    http::Limits limits;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
        limits.connections = std::min<std::size_t>(limits.connections, files.rlim_cur - files.rlim_cur / 4);
    return limits;
}

http::ServerOptions options_of(const Configuration& configuration, const Site& site, std::vector<int> held) {
    return {.address = configuration.listen.host,
            .port = configuration.listen.port,
            .threads = configuration.threads,
            .tls = configuration.tls,
            .public_url = site.addresses.public_url,
            .content_url = site.addresses.content_url,
            .trusted_proxies = configuration.trusted_proxies,
            .limits = affordable_limits(),
            .listeners = std::move(held)};
}

void announce(const Configuration& configuration, const Site& site) {
    auto host =
        configuration.listen.host.contains(':') ? "[" + configuration.listen.host + "]" : configuration.listen.host;
    fmt::print("Préau {} is ready at {} (listening on {}:{})\n", version, site.addresses.public_url, host,
               configuration.listen.port);
    std::fflush(stdout);
}

// The supervisor starts the next one when this one has ended.
Outcome end_for_restart(bool held) {
    if (!held)
        return failed("nobody holds this server's address while it restarts: start it with preau supervise, or by a "
                      "systemd socket unit");
    ::kill(::getpid(), SIGTERM);
    return done("");
}

int run(const DataDirectory& directory, const Configuration& configuration, const std::vector<int>& held,
        const sigset_t& ends) {
    Site site{directory, configuration, configuration.listen.port};
    http::Server server{options_of(configuration, site, held), site.router, *site.gate};
    site.set_metrics([&server] { return server.metrics(); });
    directory.remember_public_url(site.addresses.public_url);
    bool lost = false;
    {
        ControlServer control{directory.control_socket(), [&](const Order& order) {
                                  return order.verb == "restart" ? end_for_restart(!held.empty())
                                                                 : perform(site, order);
                              }};
        Upkeep upkeep{site, [&lost] {
                          log::error("another process took over this server's node: stopping");
                          lost = true;
                          ::kill(::getpid(), SIGTERM);
                      }};
        site.jobs.start();
        server.start();
        announce(configuration, site);
        wait_for_end(ends);
        constexpr std::chrono::seconds patience{20};
        server.drain(patience);
        site.mail.stop(); // a relay that does not answer must not hold us
        site.sandbox->stop(); // nor a conversion: it is made again when somebody looks
        site.jobs.stop(); // what runs ends; what waits is in the database
    }
    return lost ? 1 : 0; // then the database is closed, by the end of `site`
}

} // namespace

int serve(const CommandLine& line) {
    const auto held = held_sockets();
    auto ends = block_signals();
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    auto configuration = configuration_for(line, *directory);
    if (!configuration) return complain(configuration.error());
    auto lock = directory->try_lock();
    if (!lock)
        return complain(fmt::format("process {} already serves {}: stop it first, or choose another --data",
                                    directory->holder(), directory->path().string()));
    if (configuration->listen.port == 0) configuration->listen.port = free_port();
    log::set_level(configuration->log_level);
    allow_many_descriptors();
    return run(*directory, *configuration, held, ends);
}

} // namespace preau::server
