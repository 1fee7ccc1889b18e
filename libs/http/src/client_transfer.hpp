// One outgoing request inside libcurl.
#pragma once

#include "http/client.hpp"

#include <curl/curl.h>

#include <functional>

namespace preau::http {

void set_up_curl_once();

class Transfer {
public:
    using Done = std::move_only_function<void(Result<Incoming>)>;

    Transfer(Outgoing request, Done done);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    std::optional<CURLcode> prepare(const ClientOptions& options); // a code: it cannot even begin
    CURL* handle() const { return handle_; }
    void settle(CURLcode code); // answers
    void refuse(Error error);

private:
    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* peer);
    static std::size_t take_body(char* bytes, std::size_t one, std::size_t count, void* self);
    static std::size_t take_header(char* bytes, std::size_t one, std::size_t count, void* self);
    bool set_url();
    bool set_headers();
    void set_method();
    void set_limits(const ClientOptions& options);
    Error error_of(CURLcode code) const;

    Outgoing request_;
    Done done_;
    CURL* handle_;
    curl_slist* headers_ = nullptr;
    const std::vector<AddressRange>* allowed_ = nullptr;
    Incoming answer_;
    bool address_refused_ = false;
    bool too_large_ = false;
};

} // namespace preau::http
