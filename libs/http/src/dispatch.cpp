#include "dispatch.hpp"

#include "base/id.hpp"

namespace preau::http {

Error edge_error(Error::Kind kind, std::string_view key, int status) {
    return {.kind = kind, .key = std::string{key}, .field = "", .values = {{"status", std::to_string(status)}}};
}

Response refuse(Gatekeeper& gatekeeper, const Request& request, const Error& error) {
    auto response = gatekeeper.refusal(request, error);
    response.status = status_of(error);
    return response;
}

Response no_route(Gatekeeper& gatekeeper, const Request& request, const Router::Match& match) {
    if (match.allowed.empty())
        return refuse(gatekeeper, request, edge_error(Error::Kind::NotFound, "http.not_found", 404));
    auto response = refuse(gatekeeper, request, edge_error(Error::Kind::NotFound, "http.method_not_allowed", 405));
    response.headers.set("Allow", match.allowed);
    return response;
}

Response failed(Gatekeeper& gatekeeper, const Request& request, std::exception_ptr failure) {
    if (auto known = gatekeeper.error_of(failure)) {
        log::warn("request={} refused: {}", to_base32(static_cast<std::int64_t>(request.id)), known->key);
        return refuse(gatekeeper, request, *known);
    }
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        log::error("request={} failed: {}", to_base32(static_cast<std::int64_t>(request.id)), error.what());
    } catch (...) {
        log::error("request={} failed: not a std::exception", to_base32(static_cast<std::int64_t>(request.id)));
    }
    return refuse(gatekeeper, request, edge_error(Error::Kind::Unavailable, "http.internal", 500));
}

Task<Response> run_handler(Gatekeeper& gatekeeper, Request& request, const Route& route) {
    std::exception_ptr failure;
    try {
        co_return co_await route.handler(request);
    } catch (...) {
        failure = std::current_exception();
    }
    co_return failed(gatekeeper, request, failure);
}

} // namespace preau::http
