// A real server on a free port and a raw client, for the tests of this library.
#pragma once

#include "http/server.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace preau::http {

struct OpenGate final : Gatekeeper {
    Task<std::optional<Response>> admit(Request& request, const Route& route) override;
    Response refusal(const Request& request, const Error& error) override; // the key as plain text
    std::optional<Error> error_of(std::exception_ptr failure) override;    // Overloaded → 503
};

struct Overloaded : std::exception {};

// Ports and deadlines that suit a test: nothing of it is timed, deadlines only end what would last for ever.
ServerOptions test_options();

struct Answer {
    int status = 0; // 0: the connection ended without one
    std::map<std::string, std::string> headers; // lower case; the last of each name
    std::string body;
    std::string header(const std::string& name) const;
};

// Bytes as they are: for what no well-behaved client would send.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    bool send(std::string_view bytes); // false: the peer has closed
    void end();                        // half-close
    Answer receive(bool head_only = false);
    Answer ask(std::string_view bytes) {
        send(bytes);
        return receive();
    }
    bool closed(); // waits for the end of the stream, drops what comes before

private:
    bool more();
    bool take_body(Answer& answer);
    int socket_;
    std::string bytes_;
};

} // namespace preau::http
