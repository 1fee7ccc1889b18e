// RFC 6455 over Beast. Everything happens on the thread of the connection's loop.
#pragma once

#include "http/server.hpp"
#include "inbox.hpp"

namespace preau::http {

class BeastSocket final : public WebSocket {
public:
    explicit BeastSocket(Inbox& inbox);
    ~BeastSocket() override;

    // Handshake, handler, closing; nothing is under way when it ends.
    Task<void> serve(Request& request, const Route& route);
    void go_away(); // the server drains: 1001

    Task<std::optional<Message>> receive() override;
    Task<void> send(Message message) override;
    Task<void> close(std::uint16_t code, std::string reason) override;

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::http
