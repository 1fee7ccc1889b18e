// An authenticator application: its key is shown as a picture and as text, and a first code proves that it was kept.
#include "portal/account/account.hpp"

#include "sharing/routes.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view totp_template = "portal/account/totp_page.html";

struct TotpView {
    AccountSide side{.security = true};
    web::Html qr;
    std::string words;   // the key, to type
    std::string address; // the same for an application on this device
    std::string problem;
};
PREAU_DESCRIBE(TotpView, side, qr, words, address, problem)

struct CodeForm {
    std::string code;
};
PREAU_DESCRIBE(CodeForm, code)

Task<http::Response> totp_page(Portal& portal, http::Request& request, std::optional<Error> problem) {
    const auto viewer = sharing::viewer(request);
    auto* identity = &portal.identity;
    auto now = portal.world.clock.now();
    auto secret = co_await portal.db.read([identity, person = viewer.person, now](db::Tx& tx) {
        return identity::pending_totp(tx, *identity, person, now);
    });
    if (!secret) co_return http::redirect("/account/security");
    auto shell = account_shell(request, "portal.totp");
    const auto& locale = web::Locale::of(shell.language);
    TotpView view{.words = identity::totp_words(*secret),
                  .address =
                      identity::totp_address(*secret, identity::relying_party(portal.public_url).id, viewer.login)};
    view.qr = web::Html{sharing::qr_svg(view.address, locale.text("portal.totp_qr"))};
    if (problem) view.problem = locale.message(*problem);
    auto response = portal.pages.page(shell, totp_template, view, problem ? http::status_of(problem->kind) : 200);
    if (problem && problem->retry_after > 0) response.headers.set("retry-after", std::to_string(problem->retry_after));
    co_return response;
}

Task<http::Response> show_totp(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/totp")) co_return std::move(*first);
    co_return co_await totp_page(portal, request, std::nullopt);
}

Task<http::Response> begin(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    auto person = sharing::viewer(request).person;
    auto now = portal.world.clock.now();
    co_await portal.db.write(db::lane_of(person), [&portal, person, now](db::Tx& tx) {
        identity::begin_totp(tx, portal.identity, portal.world.random, person, now);
    });
    co_return http::redirect("/account/totp");
}

Task<http::Response> confirm(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/totp")) co_return std::move(*first);
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<CodeForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    const auto viewer = sharing::viewer(request);
    auto now = portal.world.clock.now();
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person), [&portal, viewer, now, code = form->code](db::Tx& tx) -> Result<identity::Factors> {
            TRY(identity::confirm_totp(tx, portal.identity, viewer.person, code, now));
            identity::note_proof(tx, viewer.session, now, true);
            sharing::record_event(tx, portal.world, viewer, "person.totp_added", {});
            return identity::factors_of(tx, viewer.person);
        });
    if (!done) co_return co_await totp_page(portal, request, done.error());
    // The codes for the day when the phone is lost: now, because nobody comes back for them.
    if (done->recovery_codes == 0) co_return co_await new_codes(portal, request);
    co_return http::redirect("/account/security?done=totp");
}

Task<http::Response> remove(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer](db::Tx& tx) {
        if (identity::remove_totp(tx, viewer.person))
            sharing::record_event(tx, portal.world, viewer, "person.totp_removed", {});
    });
    co_return http::redirect("/account/security?done=removed");
}

} // namespace

void preload_totp(web::Pages& pages) { pages.preload<TotpView>(totp_template); }

void totp_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account/totp", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_totp(portal, request); });
    routes.post("/account/totp", {.access = Access::Member, .body_limit = 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return confirm(portal, request); });
    routes.post("/account/totp/begin", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return begin(portal, request); });
    routes.post("/account/totp/remove", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return remove(portal, request); });
}

} // namespace preau::portal
