// One connection: requests one after the other until somebody says close, a deadline passes or the server drains.
#pragma once

#include "inbox.hpp"
#include "loop.hpp"

namespace preau::http {

struct Delivery;
class RequestBody;
struct Head;
class BeastSocket;

class Connection {
public:
    Connection(Shared& shared, Loop& loop, std::unique_ptr<Transport> transport, std::string peer);
    ~Connection();
    Task<void> serve();
    void drain(); // on the loop's thread
    Transport& transport() { return *transport_; }

private:
    enum class Next { Request, Close, Linger };
    struct Taken { // a request whose head is read
        Request request;
        bool http_1_0 = false;
        bool keep_alive = true;
    };

    Task<Next> serve_one();
    Task<Result<std::string_view>> read_head(); // empty: the peer has ended, or took too long
    Task<Next> serve_head(std::string_view bytes);
    Task<Next> answer_error(Taken taken, Error error);
    Task<Next> serve_route(Taken taken, Head head);
    Task<Next> serve_handler(Taken taken, const Route& route, RequestBody& body);
    Task<Next> serve_socket(Taken taken, const Route& route, const Head& head);
    Task<std::optional<Response>> admit(Request& request, const Route& route);
    Task<Next> send(Taken& taken, Response response, RequestBody* body);
    Task<bool> deliver(Delivery& delivery, Response& response);
    Task<bool> send_file(int file, std::uint64_t offset, std::uint64_t length);
    Task<bool> send_segments(std::shared_ptr<Segments> body, std::uint64_t offset, std::uint64_t length);
    Task<bool> send_stream(StreamBody body, bool chunked);
    Task<void> linger();

    Request new_request() const;
    Result<void> locate(Request& request) const; // host and target
    void count(int status);

    Shared& shared_;
    Loop& loop_;
    std::unique_ptr<Transport> transport_;
    Inbox inbox_;
    std::string peer_;
    BeastSocket* socket_ = nullptr; // while a WebSocket is served
    bool idle_ = false;             // waits for the first byte of a request
    bool asked_ = false;            // a first request has come
    std::int64_t began_ = 0;        // the request that is served
    std::uint64_t counted_in_ = 0;
    std::uint64_t counted_out_ = 0;
};

} // namespace preau::http
