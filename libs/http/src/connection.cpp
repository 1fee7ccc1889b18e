#include "connection.hpp"

#include "delivery.hpp"
#include "dispatch.hpp"
#include "http/target.hpp"
#include "request_body.hpp"
#include "web_socket.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace preau::http {
namespace {

constexpr std::size_t first_piece = 4096;
constexpr std::uint64_t most_lingered = 16 * 1024 * 1024;
constexpr std::chrono::seconds linger_deadline{2};
constexpr std::chrono::milliseconds first_request_when_draining{1'000};

std::int64_t nanoseconds(std::chrono::milliseconds duration) { return std::chrono::nanoseconds{duration}.count(); }

std::string_view without_leading_lines(std::string_view bytes) { // RFC 9112 §2.2
    return bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
}

// `http://our.host/path` (RFC 9112 §3.2.2) is taken only with the very Host of the request.
std::optional<std::string_view> origin_form(std::string_view target, std::string_view host) {
    if (target.starts_with('/')) return target;
    for (std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        target.remove_prefix(scheme.size());
        auto slash = std::min(target.find('/'), target.size());
        if (to_lower_ascii(target.substr(0, slash)) != host) return std::nullopt;
        return slash == target.size() ? "/" : target.substr(slash);
    }
    return std::nullopt;
}

} // namespace

Connection::Connection(Shared& shared, Loop& loop, std::unique_ptr<Transport> transport, std::string peer)
    : shared_{shared}, loop_{loop}, transport_{std::move(transport)}, inbox_{*transport_}, peer_{std::move(peer)} {}

Connection::~Connection() = default;

void Connection::drain() {
    // Who has connected and not asked yet was promised an answer: closing now would be a reset instead of it. A browser
    // that connected ahead of need does not hold us up for long.
    if (idle_ && !asked_)
        transport_->hurry(monotonic_nanoseconds() + nanoseconds(first_request_when_draining));
    else if (idle_)
        transport_->cancel();
    if (socket_) socket_->go_away();
}

Task<void> Connection::serve() {
    transport_->wait_until(monotonic_nanoseconds() + nanoseconds(shared_.options.limits.header_deadline));
    bool opened = co_await transport_->open();
    auto next = opened ? Next::Request : Next::Close;
    while (next == Next::Request) next = co_await serve_one();
    if (next == Next::Linger) co_await linger();
    transport_->say_goodbye();
}

// Closing with unread bytes resets the connection, and the peer may lose the answer that it was sent (RFC 9112 §9.6).
Task<void> Connection::linger() {
    transport_->say_goodbye();
    transport_->wait_until(monotonic_nanoseconds() + std::chrono::nanoseconds{linger_deadline}.count());
    std::vector<std::byte> dropped(16 * 1024);
    for (std::uint64_t total = 0; total < most_lingered;) {
        auto come = co_await transport_->read_some(dropped);
        if (come.bytes == 0) co_return;
        total += come.bytes;
    }
}

Task<Connection::Next> Connection::serve_one() {
    auto head = co_await read_head();
    began_ = monotonic_nanoseconds();
    if (!head) co_return co_await answer_error({.request = new_request(), .keep_alive = false}, head.error());
    if (head->empty()) co_return Next::Close;
    co_return co_await serve_head(*head);
}

Task<Result<std::string_view>> Connection::read_head() {
    const auto& limits = shared_.options.limits;
    bool waiting = inbox_.view().empty();
    transport_->wait_until(monotonic_nanoseconds() + nanoseconds(!waiting           ? limits.header_deadline
                                                                 : shared_.draining ? first_request_when_draining
                                                                                    : limits.idle_deadline));
    std::size_t seen = 0;
    while (true) {
        inbox_.take(inbox_.view().size() - without_leading_lines(inbox_.view()).size());
        auto bytes = inbox_.view();
        auto end = bytes.find("\r\n\r\n", seen < 3 ? 0 : seen - 3);
        if (end != std::string_view::npos && end + 4 <= limits.header_bytes) co_return bytes.substr(0, end + 4);
        if (bytes.size() >= limits.header_bytes)
            co_return bytes.find("\r\n") == std::string_view::npos
                ? std::unexpected(edge_error(Error::Kind::Malformed, "http.target_too_long", 414))
                : std::unexpected(edge_error(Error::Kind::TooLarge, "http.header_too_large", 431));
        seen = bytes.size();
        idle_ = bytes.empty();
        if (idle_ && asked_ && shared_.draining) co_return std::string_view{};
        if (idle_) inbox_.give_memory_back();
        auto come = co_await inbox_.fill(std::min(std::max(first_piece, seen), limits.header_bytes - seen));
        idle_ = false;
        asked_ = true;
        if (come.bytes == 0) co_return std::string_view{};
        // From its first byte a request has its own deadline: one byte every few seconds does not hold a connection.
        if (std::exchange(waiting, false))
            transport_->wait_until(monotonic_nanoseconds() + nanoseconds(limits.header_deadline));
    }
}

Request Connection::new_request() const {
    Request request;
    request.peer = peer_;
    request.secure = shared_.tls != nullptr;
    request.id = loop_.next_request_id();
    return request;
}

Result<void> Connection::locate(Request& request) const {
    request.host = to_lower_ascii(request.headers.find("host"));
    shared_.site.believe_proxy(request);
    auto origin = shared_.site.origin_of(request.host);
    if (!origin) return std::unexpected(edge_error(Error::Kind::NotFound, "http.wrong_host", 421));
    request.content_origin = *origin == Origin::Content;
    auto target = origin_form(request.target, to_lower_ascii(request.headers.find("host")));
    if (!target) return fail(Error::Kind::Malformed, "http.bad_target");
    auto split = TRY(split_target(*target));
    request.path = std::move(split.path);
    request.query_fields = std::move(split.query);
    return {};
}

Task<Connection::Next> Connection::serve_head(std::string_view bytes) {
    auto head = parse_head(bytes, shared_.options.limits.target_bytes);
    inbox_.take(bytes.size());
    Taken taken{.request = new_request(), .keep_alive = false};
    if (!head) co_return co_await answer_error(std::move(taken), head.error());
    taken.keep_alive = head->keep_alive;
    taken.http_1_0 = head->http_1_0;
    taken.request.method = head->method;
    taken.request.target = std::move(head->target);
    taken.request.headers = std::move(head->headers);
    co_return co_await serve_route(std::move(taken), *std::move(head));
}

// The framing of the connection is in doubt, or the request is not for us: an answer, and the end.
Task<Connection::Next> Connection::answer_error(Taken taken, Error error) {
    taken.keep_alive = false;
    auto response = refuse(shared_.gatekeeper, taken.request, error);
    auto next = co_await send(taken, std::move(response), nullptr);
    co_return next == Next::Close && !transport_->timed_out() ? Next::Linger : next;
}

Task<Connection::Next> Connection::serve_route(Taken taken, Head head) {
    auto& request = taken.request;
    auto located = locate(request);
    if (!located) co_return co_await answer_error(std::move(taken), located.error());
    auto match =
        shared_.router.match(request.method, request.path, request.content_origin ? Origin::Content : Origin::Main);
    auto limit = match.route ? match.route->rule.body_limit.value : 0;
    RequestBody body{inbox_, head, limit, nanoseconds(shared_.options.limits.progress_deadline)};
    if (!match.route) {
        auto response = no_route(shared_.gatekeeper, request, match);
        co_return co_await send(taken, std::move(response), &body);
    }
    request.parameters = std::move(match.parameters);
    auto refused = co_await admit(request, *match.route);
    if (refused) co_return co_await send(taken, *std::move(refused), &body);
    if (match.route->socket) co_return co_await serve_socket(std::move(taken), *match.route, head);
    if (body.length().value_or(0) > limit) {
        auto response =
            refuse(shared_.gatekeeper, request, {.kind = Error::Kind::TooLarge, .key = "http.body_too_large"});
        co_return co_await send(taken, std::move(response), &body);
    }
    co_return co_await serve_handler(std::move(taken), *match.route, body);
}

Task<std::optional<Response>> Connection::admit(Request& request, const Route& route) {
    std::exception_ptr failure;
    try {
        co_return co_await shared_.gatekeeper.admit(request, route);
    } catch (...) {
        failure = std::current_exception();
    }
    co_return failed(shared_.gatekeeper, request, failure);
}

Task<Connection::Next> Connection::serve_handler(Taken taken, const Route& route, RequestBody& body) {
    auto& request = taken.request;
    if (route.rule.body == Body::Streamed) {
        request.stream = std::make_unique<BodyView>(body);
    } else {
        auto whole = co_await body.read_whole();
        if (!whole) {
            auto response = refuse(shared_.gatekeeper, request, whole.error());
            co_return co_await send(taken, std::move(response), &body);
        }
        request.body = *std::move(whole);
    }
    auto response = co_await run_handler(shared_.gatekeeper, request, route);
    co_return co_await send(taken, std::move(response), &body);
}

Task<Connection::Next> Connection::serve_socket(Taken taken, const Route& route, const Head& head) {
    if (!head.upgrade || head.http_1_0) {
        auto response =
            refuse(shared_.gatekeeper, taken.request, edge_error(Error::Kind::Malformed, "http.upgrade_required", 426));
        response.headers.set("Upgrade", "websocket");
        co_return co_await send(taken, std::move(response), nullptr);
    }
    count(101);
    transport_->wait_patiently(0);
    BeastSocket socket{inbox_};
    socket_ = &socket;
    co_await socket.serve(taken.request, route);
    socket_ = nullptr;
    // Who was cut off in the middle of a message that is too large still sends: our closing frame must not be lost.
    co_return Next::Linger;
}

void Connection::count(int status) {
    loop_.metrics.finished(status, monotonic_nanoseconds() - began_);
    loop_.metrics.bytes_in.fetch_add(transport_->bytes_in - std::exchange(counted_in_, transport_->bytes_in),
                                     std::memory_order_relaxed);
    loop_.metrics.bytes_out.fetch_add(transport_->bytes_out - std::exchange(counted_out_, transport_->bytes_out),
                                      std::memory_order_relaxed);
}

} // namespace preau::http
