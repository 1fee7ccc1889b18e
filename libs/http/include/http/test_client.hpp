// For tests: sends requests through router and gatekeeper without a socket, as a named person or a stranger.
#pragma once

#include "http/server.hpp"

namespace preau::http {

struct TestAnswer {
    int status = 0;
    Headers headers;
    std::string body; // whole, whatever kind it was
};
// Fills in host, origin and same-site headers as a browser on the page itself would, unless the request has them.
TestAnswer deliver(const Router& router, Gatekeeper& gatekeeper, Request request);
// A request with target split into path and query; `body` becomes the stream of streamed routes.
Request make_request(Method method, std::string target, std::string body = {}, std::string_view type = {});

} // namespace preau::http
