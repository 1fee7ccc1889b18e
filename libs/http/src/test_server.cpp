#include "test_server.hpp"

#include "base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace preau::http {

Task<std::optional<Response>> OpenGate::admit(Request& request, const Route&) {
    if (request.headers.has("x-refuse")) co_return text_response(403, "refused");
    if (request.headers.has("x-broken-gate")) throw std::runtime_error("the gate is broken");
    co_return std::nullopt;
}

Response OpenGate::refusal(const Request&, const Error& error) { return text_response(status_of(error), error.key); }

std::optional<Error> OpenGate::error_of(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Overloaded&) {
        return Error{.kind = Error::Kind::Unavailable, .key = "db.overloaded"};
    } catch (...) {
        return std::nullopt;
    }
}

ServerOptions test_options() {
    ServerOptions options;
    options.port = 0;
    options.threads = 2;
    options.public_url = "http://preau.test";
    options.content_url = "http://content.preau.test";
    return options;
}

std::string Answer::header(const std::string& name) const {
    auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

RawClient::RawClient(std::uint16_t port, int receive_buffer) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    timeval patience{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
        throw std::runtime_error("cannot connect");
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::more() {
    char buffer[16 * 1024];
    errno = 0; // an orderly end leaves it as it was
    auto come = ::recv(socket_, buffer, sizeof buffer, 0);
    if (come <= 0) return false;
    bytes_.append(buffer, static_cast<std::size_t>(come));
    return true;
}

bool RawClient::closed() {
    while (more()) bytes_.clear();
    return errno != EAGAIN;
}

Answer RawClient::receive(bool head_only) {
    Answer answer;
    std::size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos)
        if (!more()) return answer;
    auto lines = split(std::string_view{bytes_}.substr(0, end), '\n');
    auto status = lines[0].substr(9, 3);
    std::from_chars(status.data(), status.data() + 3, answer.status);
    for (auto line : lines) {
        auto colon = line.find(':');
        if (colon != std::string_view::npos)
            answer.headers[to_lower_ascii(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
    }
    bytes_.erase(0, end + 4);
    bool bodiless = head_only || answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (!bodiless && !take_body(answer)) answer.status = 0;
    return answer;
}

bool RawClient::take_body(Answer& answer) {
    if (answer.header("transfer-encoding") == "chunked") {
        while (true) {
            std::size_t end = 0;
            while ((end = bytes_.find("\r\n")) == std::string::npos)
                if (!more()) return false;
            std::size_t size = 0;
            std::from_chars(bytes_.data(), bytes_.data() + end, size, 16);
            while (bytes_.size() < end + 2 + size + 2)
                if (!more()) return false;
            answer.body += bytes_.substr(end + 2, size);
            bytes_.erase(0, end + 2 + size + 2);
            if (size == 0) return true;
        }
    }
    if (answer.header("content-length").empty()) {
        while (more()) {
        }
        answer.body = std::exchange(bytes_, {});
        return true;
    }
    auto length = static_cast<std::size_t>(std::stoull(answer.header("content-length")));
    while (bytes_.size() < length)
        if (!more()) return false;
    answer.body = bytes_.substr(0, length);
    bytes_.erase(0, length);
    return true;
}

} // namespace preau::http
