// One's own password: who came by a one-time link gives the first one here, everybody else says the current one.
#include "portal/account/account.hpp"

#include "web/form_input.hpp"

namespace preau::portal {
namespace {

struct PasswordForm {
    std::string current;
    std::string chosen;
};
PREAU_DESCRIBE(PasswordForm, current, chosen)

Task<std::optional<PageProblem>> check_current(Portal& portal, const http::Request& request, std::string current) {
    const auto& viewer = sharing::viewer(request);
    // Throttled like signing in, so that an unlocked computer is no place to guess.
    auto known = co_await portal.identity.check_password(viewer.login, std::move(current), request.peer);
    if (known) co_return std::nullopt;
    auto error = std::move(known.error());
    if (error.kind == Error::Kind::Unauthenticated)
        error = Error{.kind = Error::Kind::Invalid, .key = "portal.current_password_wrong"};
    co_return PageProblem{.field = "current", .error = std::move(error)};
}

Task<http::Response> change_password(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    auto factors =
        co_await portal.db.read([person = viewer.person](db::Tx& tx) { return identity::factors_of(tx, person); });
    // Without a current one to ask for, who gives the first proves otherwise who they are.
    if (!factors.password)
        if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<PasswordForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    if (factors.password)
        if (auto problem = co_await check_current(portal, request, std::move(form->current)))
            co_return co_await security_page(portal, request, std::move(problem));
    auto good = identity::check_new_password(form->chosen, viewer.login);
    if (!good) co_return co_await security_page(portal, request, PageProblem{"chosen", good.error()});
    auto phc = co_await portal.identity.passwords().hash(std::move(form->chosen));
    if (!phc) co_return co_await security_page(portal, request, PageProblem{"chosen", phc.error()});
    auto* ids = &portal.world.ids;
    auto now = portal.world.clock.now();
    co_await portal.db.write(db::lane_of(viewer.person), [ids, now, person = viewer.person, hash = *phc](db::Tx& tx) {
        identity::set_password(tx, *ids, person, hash, now);
    });
    co_await portal.identity.end_other_sessions(viewer.person, viewer.session);
    co_return http::redirect("/account/security?done=password");
}

} // namespace

void password_routes(http::Router& routes, Portal& portal) {
    routes.post("/account/password",
                {.access = http::Access::Member, .body_limit = 8 * 1024, .rate = http::Rate::SignIn},
                [&portal](http::Request& request) { return change_password(portal, request); });
}

} // namespace preau::portal
