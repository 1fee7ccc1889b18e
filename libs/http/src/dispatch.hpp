// What happens to a request once its head is known, with and without a socket: route, gatekeeper, handler, errors.
#pragma once

#include "http/server.hpp"

#include "base/log.hpp"

namespace preau::http {

// http.not_found, or http.method_not_allowed with its Allow header.
Response no_route(Gatekeeper& gatekeeper, const Request& request, const Router::Match& match);
// A refusal with the exact status that `error` names.
Response refuse(Gatekeeper& gatekeeper, const Request& request, const Error& error);
Error edge_error(Error::Kind kind, std::string_view key, int status);
// After the handler threw: 500, or what the gatekeeper makes of it. Logged with the id of the request.
Response failed(Gatekeeper& gatekeeper, const Request& request, std::exception_ptr failure);
// Admission, then the handler; never throws but for a lack of memory in the refusal itself.
Task<Response> run_handler(Gatekeeper& gatekeeper, Request& request, const Route& route);

} // namespace preau::http
