#include "held_sockets.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace preau::server {
namespace {

constexpr int first_descriptor = 3; // sd_listen_fds(3), SD_LISTEN_FDS_START
constexpr int most = 1024;

int number_in(const char* name) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : 0;
}

} // namespace

std::vector<int> held_sockets() {
    std::vector<int> sockets;
    const int count = number_in("LISTEN_PID") == ::getpid() ? number_in("LISTEN_FDS") : 0;
    for (int number = 0; number < count && number < most; ++number) {
        ::fcntl(first_descriptor + number, F_SETFD, FD_CLOEXEC);
        sockets.push_back(first_descriptor + number);
    }
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
    return sockets;
}

void hand_over_sockets(const std::vector<int>& sockets) {
    // Out of the way first: a socket may stand where another is to go.
    const int above = first_descriptor + static_cast<int>(sockets.size());
    std::vector<int> copies;
    for (int socket : sockets) copies.push_back(::fcntl(socket, F_DUPFD_CLOEXEC, above));
    int place = first_descriptor;
    for (int copy : copies) ::dup2(copy, place++); // dup2 leaves it open for the program
    ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
}

} // namespace preau::server
