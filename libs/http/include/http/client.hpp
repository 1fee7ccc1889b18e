// The one client of outgoing HTTP. Addresses that people type (a calendar, a webhook, a picture by address) must not
// reach what stands beside this server: databases, metadata services, other people's routers. So every connection is
// checked after the name was resolved, by the address that is really connected to (which no rebinding of a name and no
// redirect gets around), and refused unless it is public or an administrator allowed it.
#pragma once

#include "http/message.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace preau::http {

// "10.1.0.0/16", "2001:db8::/32", or one address. IPv4 is kept as ::ffff:a.b.c.d.
struct AddressRange {
    std::array<std::uint8_t, 16> address{};
    int bits = 128;
    bool contains(const std::array<std::uint8_t, 16>& other) const;
};
std::optional<AddressRange> parse_address_range(std::string_view text); // nothing: it is none
// Of the addresses that IANA's registries call globally reachable, without those that carry an IPv4 address inside
// (NAT64, 6to4, Teredo: they lead to it).
bool is_public_address(const std::array<std::uint8_t, 16>& address);

struct ClientOptions {
    std::vector<AddressRange> allowed; // besides all public ones
    std::size_t at_once = 64;          // requests; more wait in a queue of 1,000, then client.busy
    std::string user_agent = "Preau";
    std::string trusted_certificates; // PEM file besides those of the system, for an operator's own authority
};

struct Outgoing {
    Method method = Method::Get;
    std::string url; // http or https, without user name and password
    Headers headers;
    std::string body;
    std::chrono::milliseconds deadline{20'000}; // for all of it, redirects included
    std::size_t most = 1 << 20;                 // bytes of the answer's body
    int redirects = 3; // followed for GET and HEAD alone; credentials in headers stay with the first host
};
struct Incoming {
    int status = 0; // whatever the peer said: 404 and 500 are answers
    Headers headers; // of the last answer
    std::string body;
    std::string url; // of the last answer
};

// One thread of its own; destroyed, it ends what runs with client.unreachable.
class Client {
public:
    explicit Client(ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    // Errors: client.url (Invalid), client.address_refused (Forbidden), client.unreachable, client.too_slow,
    // client.certificate, client.busy (Unavailable), client.too_large (TooLarge). Goes on at the caller's executor.
    Task<Result<Incoming>> send(Outgoing request);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::http
