// open_loop HOST PORT PATH RATE SECONDS CONNECTIONS [HEADER…]: sends RATE requests a second on a fixed schedule,
// whatever the answers do, and measures from the moment at which each request was due. A closed loop (wrk) waits for a
// slow server and thereby hides its slowness ("coordinated omission"); this does not. Prints one line of JSON: sent,
// answered, errors, p50, p99, p999 and max in microseconds.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

namespace {

using Nanoseconds = std::int64_t;

Nanoseconds now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Connection {
    int socket = -1;
    std::string received;
    std::size_t expected = 0; // bytes of the answer being read, 0 while its head is incomplete
    Nanoseconds due = 0;      // of the request under way, 0: free
};

struct Totals {
    std::vector<std::uint32_t> micros;
    std::size_t sent = 0;
    std::size_t errors = 0;
};

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

int connect_to(const char* host, std::uint16_t port) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);
    if (connect(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("connect");
    int one = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return made;
}

// Length of the whole answer once its head is there; the server states Content-Length on pages.
std::size_t answer_length(std::string_view received) {
    auto end = received.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    std::string head{received.substr(0, end)};
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    auto at = head.find("content-length:");
    if (at == std::string::npos) give_up("an answer without Content-Length");
    at += std::strlen("content-length:");
    while (head[at] == ' ') ++at;
    std::size_t length = 0;
    std::from_chars(head.data() + at, head.data() + head.size(), length);
    return end + 4 + length;
}

void send_request(Connection& connection, const std::string& request, Nanoseconds due, Totals& totals) {
    connection.due = due;
    ++totals.sent;
    if (write(connection.socket, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
        give_up("write");
}

// True when the answer under way is complete.
bool receive(Connection& connection, Totals& totals) {
    char buffer[64 * 1024];
    auto got = read(connection.socket, buffer, sizeof buffer);
    if (got <= 0) give_up("the server closed a connection");
    connection.received.append(buffer, static_cast<std::size_t>(got));
    if (connection.expected == 0) connection.expected = answer_length(connection.received);
    if (connection.expected == 0 || connection.received.size() < connection.expected) return false;
    if (connection.received.compare(0, 12, "HTTP/1.1 200") != 0) ++totals.errors;
    totals.micros.push_back(static_cast<std::uint32_t>((now() - connection.due) / 1000));
    connection.received.erase(0, connection.expected);
    connection.expected = 0;
    connection.due = 0;
    return true;
}

void print(Totals& totals) {
    std::sort(totals.micros.begin(), totals.micros.end());
    auto at = [&](double share) {
        if (totals.micros.empty()) return 0U;
        return totals.micros[static_cast<std::size_t>(share * static_cast<double>(totals.micros.size() - 1))];
    };
    std::printf("{\"sent\":%zu,\"answered\":%zu,\"errors\":%zu,\"p50\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}\n",
                totals.sent, totals.micros.size(), totals.errors, at(0.5), at(0.99), at(0.999), at(1));
}

} // namespace

int main(int count, char** arguments) {
    if (count < 7) {
        std::fprintf(stderr, "open_loop HOST PORT PATH RATE SECONDS CONNECTIONS [HEADER…]\n");
        return 2;
    }
    const char* host = arguments[1];
    auto port = static_cast<std::uint16_t>(std::atoi(arguments[2]));
    double rate = std::atof(arguments[4]);
    double seconds = std::atof(arguments[5]);
    std::string request = "GET " + std::string{arguments[3]} + " HTTP/1.1\r\nHost: localhost:" + arguments[2] + "\r\n";
    for (int i = 7; i < count; ++i) request += std::string{arguments[i]} + "\r\n";
    request += "\r\n";

    int poll = epoll_create1(0);
    std::vector<Connection> connections(static_cast<std::size_t>(std::atoi(arguments[6])));
    std::vector<Connection*> idle;
    for (auto& connection : connections) {
        connection.socket = connect_to(host, port);
        epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
        epoll_ctl(poll, EPOLL_CTL_ADD, connection.socket, &event);
        idle.push_back(&connection);
    }

    Totals totals;
    totals.micros.reserve(static_cast<std::size_t>(rate * seconds) + 1);
    std::deque<Nanoseconds> waiting; // due, but every connection is busy
    auto step = static_cast<Nanoseconds>(1e9 / rate);
    auto begin = now();
    auto end = begin + static_cast<Nanoseconds>(seconds * 1e9);
    auto next = begin;
    while (now() < end || idle.size() < connections.size()) {
        for (auto time = now(); next <= time && next < end; next += step) waiting.push_back(next);
        while (!waiting.empty() && !idle.empty()) {
            send_request(*idle.back(), request, waiting.front(), totals);
            idle.pop_back();
            waiting.pop_front();
        }
        epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 0); // busy: a sleeping generator would wake late and blame the server
        for (int i = 0; i < ready; ++i) {
            auto* connection = static_cast<Connection*>(events[i].data.ptr);
            if (receive(*connection, totals)) idle.push_back(connection);
        }
        if (now() > end + 10'000'000'000) give_up("answers are missing");
    }
    print(totals);
}
