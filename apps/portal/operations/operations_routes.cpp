#include "portal/operations/operations.hpp"

namespace preau::portal {
namespace {

// The server listens only once everything is open, so that whoever is answered may come.
Task<http::Response> health(http::Request&) { co_return http::text_response(200, "ok"); }

Task<bool> database_is_ready(db::Database& db) {
    try {
        co_return co_await db.read([](db::Tx& tx) { return store::database_answers(tx); });
    } catch (const db::Failure&) {
        co_return false; // the database edge has logged why
    }
}

// For load balancers: also says no when the database does not answer, so that another node is asked.
Task<http::Response> ready(Portal& portal, http::Request&) {
    bool answers = co_await database_is_ready(portal.db);
    co_return http::text_response(answers ? 200 : 503, answers ? "ok" : "database does not answer");
}

bool from_this_machine(const http::Request& request) {
    // A reverse proxy on this machine that is not listed as trusted would make everybody look local: it says so here.
    if (request.headers.has("x-forwarded-for") || request.headers.has("forwarded")) return false;
    // And one that leaves no traces still passes on the name that people asked for.
    const auto name = std::string_view{request.host}.substr(0, request.host.rfind(':'));
    if (name != "localhost" && name != "127.0.0.1" && name != "[::1]") return false;
    return request.peer == "127.0.0.1" || request.peer == "::1";
}

Task<http::Response> show_metrics(Portal& portal, http::Request& request) {
    if (!from_this_machine(request))
        co_return portal.gate.refusal(request, Error{.kind = Error::Kind::NotFound, .key = "not_found"});
    co_return http::text_response(200, portal.metrics(), "text/plain; version=0.0.4; charset=utf-8");
}

// Only the landing page is for search engines; secret addresses above all are not.
Task<http::Response> robots(http::Request&) {
    co_return http::text_response(200, "User-agent: *\nAllow: /$\nDisallow: /\n");
}

} // namespace

void operations_routes(http::Router& routes, Portal& portal) {
    const http::Rule open{.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Free};
    routes.get("/healthz", open, health);
    routes.get("/readyz", open, [&portal](http::Request& request) { return ready(portal, request); });
    routes.get("/metrics", open, [&portal](http::Request& request) { return show_metrics(portal, request); });
    routes.get("/robots.txt", open, robots);
}

} // namespace preau::portal
