// The language switch that stands on every page, for strangers and families too.
#include "portal/account/account.hpp"
#include "portal/signin/local_path.hpp"

namespace preau::portal {
namespace {

Task<http::Response> choose(Portal& portal, http::Request& request) {
    auto form = request.form();
    if (!form) co_return portal.gate.refusal(request, form.error());
    std::string to{form->value("to")};
    if (to != "fr" && to != "en")
        co_return portal.gate.refusal(
            request, Error{.kind = Error::Kind::Invalid, .key = "portal.no_such_language", .field = "to"});
    const auto& viewer = sharing::viewer(request);
    if (viewer.is_person()) {
        auto person = viewer.person;
        co_await portal.db.write(db::lane_of(person),
                                 [person, to](db::Tx& tx) { identity::set_language(tx, person, to); });
        portal.identity.forget(person); // the next page already speaks the language chosen
    }
    std::string back{form->value("back")};
    auto response = http::redirect(is_local_path(back) ? back : "/");
    // No secret and no state of a session: also pages of other ports on this host may read it, hence no __Host- prefix.
    response.headers.add("set-cookie", "lang=" + to + "; Path=/; SameSite=Lax; Max-Age=31536000" +
                                           (request.secure ? "; Secure" : ""));
    co_return response;
}

} // namespace

void language_routes(http::Router& routes, Portal& portal) {
    routes.post("/language", {.access = http::Access::Guest, .body_limit = 4 * 1024, .rate = http::Rate::Write},
                [&portal](http::Request& request) { return choose(portal, request); });
}

} // namespace preau::portal
