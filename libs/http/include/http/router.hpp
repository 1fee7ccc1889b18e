// Routes are data: method, pattern, rule, handler, and the source line that `preau routes` prints.
#pragma once

#include "http/message.hpp"

#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace preau::http {

class WebSocket;

enum class Access {
    Guest,  // anybody
    Link,   // signed in, or holding a share link
    Member, // signed in
    Admin,  // administrator of all
};
// How often: limits are per person first, per network second. What each is for, with its numbers: rate.hpp.
enum class Rate { Free, Read, Write, Upload, Part, Archive, SignIn };
enum class Body { Buffered, Streamed };
enum class Origin { Main, Content }; // which of the two host names may serve it

// No default constructor: a rule that leaves one out does not compile.
template <class T> struct Required {
    T value;
    constexpr Required(T given) : value{given} {}
    constexpr operator T() const { return value; }
};

struct Rule {
    Required<Access> access;
    Required<std::uint64_t> body_limit; // bytes
    Required<Rate> rate;
    Body body = Body::Buffered;
    Origin origin = Origin::Main;
    // State changes by session cookie pass the origin check; only routes that authenticate each request by themselves
    // (webhooks, OAuth token endpoint) switch it off.
    bool origin_check = true;
};

using Handler = std::function<Task<Response>(Request&)>;
using SocketHandler = std::function<Task<void>(Request&, WebSocket&)>;

struct Route {
    Method method = Method::Get;
    std::string pattern; // "/forum/c/{category}"; a last segment `{rest...}` takes all that follows
    Rule rule;
    Handler handler;
    SocketHandler socket; // set instead of handler for WebSocket routes
    std::source_location where;
};

class Router {
public:
    // GET also answers HEAD. Two routes of the same shape and method are an error when added.
    void get(std::string pattern, Rule rule, Handler handler,
             std::source_location where = std::source_location::current());
    void post(std::string pattern, Rule rule, Handler handler,
              std::source_location where = std::source_location::current());
    void put(std::string pattern, Rule rule, Handler handler,
             std::source_location where = std::source_location::current());
    void patch(std::string pattern, Rule rule, Handler handler,
               std::source_location where = std::source_location::current());
    void remove(std::string pattern, Rule rule, Handler handler,
                std::source_location where = std::source_location::current());
    void options(std::string pattern, Rule rule, Handler handler,
                 std::source_location where = std::source_location::current());
    void socket(std::string pattern, Rule rule, SocketHandler handler,
                std::source_location where = std::source_location::current());

    struct Match {
        const Route* route = nullptr; // null: no such address (a socket route answers GET)
        std::vector<std::pair<std::string, std::string>> parameters;
        std::string allowed; // with a null route: methods that exist at this address, for 405 and Allow
    };
    Match match(Method method, std::string_view path, Origin origin) const; // literal segments win over parameters
    const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

private:
    void add(Method method, std::string pattern, Rule rule, Handler handler, SocketHandler socket,
             std::source_location where);
    std::vector<std::unique_ptr<Route>> routes_;
    struct Node;
    struct Roots;
    std::shared_ptr<Roots> roots_; // shared: keeps the type incomplete here; one owner
};

} // namespace preau::http
