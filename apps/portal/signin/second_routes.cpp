// The second step of signing in, and the way in of who lost their keys and has no password.
#include "identity/people.hpp"
#include "identity/second_factor.hpp"
#include "portal/signin/entering.hpp"
#include "portal/signin/local_path.hpp"
#include "portal/signin/signin.hpp"

#include "base/text.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view second_template = "portal/signin/second_page.html";
constexpr std::string_view recovery_template = "portal/signin/recovery_page.html";

struct SecondForm {
    std::string code;
    std::string to;
};
PREAU_DESCRIBE(SecondForm, code, to)

struct RecoveryForm {
    std::string login;
    std::string code;
};
PREAU_DESCRIBE(RecoveryForm, login, code)

void say_when(http::Response& response, const Error& error) {
    if (error.retry_after > 0) response.headers.set("retry-after", std::to_string(error.retry_after));
}

Task<http::Response> second_page(Portal& portal, const http::Request& request, PersonId person, std::string to,
                                 std::optional<Error> error) {
    auto factors = co_await portal.db.read([person](db::Tx& tx) { return identity::factors_of(tx, person); });
    SecondView view{.to = std::move(to),
                    .totp = factors.totp_since != 0,
                    .passkeys = factors.passkeys > 0,
                    .codes = factors.recovery_codes > 0};
    auto shell = entry_shell(request, "portal.second_title");
    if (view.passkeys) shell.component = "portal/passkey-signin";
    if (error) {
        view.failed = true;
        view.message = web::Locale::of(shell.language).message(*error);
    }
    auto response = portal.pages.page(shell, second_template, view, error ? http::status_of(error->kind) : 200);
    if (error) say_when(response, *error);
    co_return response;
}

Task<http::Response> show_second(Portal& portal, http::Request& request) {
    auto to = local_path_or_home(request.query("to"));
    auto person = between_steps(portal, request);
    if (!person) co_return http::redirect("/signin?to=" + percent_encode(to));
    co_return co_await second_page(portal, request, *person, std::move(to), std::nullopt);
}

Task<http::Response> take_code(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<SecondForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto to = local_path_or_home(form->to);
    auto person = between_steps(portal, request);
    if (!person) co_return http::redirect("/signin?to=" + percent_encode(to));
    auto who = co_await portal.db.read([person](db::Tx& tx) { return identity::find_person(tx, *person); });
    if (!who || who->disabled) co_return http::redirect("/signin");
    auto kind = co_await identity::check_code(
        portal.db, portal.identity, portal.world.clock,
        {.person = *person, .login = who->login, .code = std::move(form->code), .peer = request.peer});
    if (!kind) {
        // Somebody who knows the password: the refusal that matters most to who reads the journal.
        if (kind.error().kind != Error::Kind::Throttled) co_await note_refusal(portal, who->login);
        co_return co_await second_page(portal, request, *person, std::move(to), kind.error());
    }
    // Who needed a code from paper has lost something: shown what is left, and asked to set it right.
    if (*kind == identity::CodeKind::Recovery) to = "/account/security?why=recovered";
    co_return co_await enter(portal, request, Admission{.person = *person, .to = to, .second = true, .spend = nullptr});
}

http::Response recovery_page(Portal& portal, const http::Request& request, std::string login, const Error* error) {
    RecoveryView view{.login = std::move(login)};
    auto shell = entry_shell(request, "portal.recovery_title");
    if (error) {
        view.failed = true;
        view.message = web::Locale::of(shell.language).message(*error);
    }
    auto response = portal.pages.page(shell, recovery_template, view, error ? http::status_of(error->kind) : 200);
    if (error) say_when(response, *error);
    return response;
}

Task<http::Response> show_recovery(Portal& portal, http::Request& request) {
    co_return recovery_page(portal, request, {}, nullptr);
}

Task<http::Response> recover(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<RecoveryForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto person =
        co_await identity::check_recovery(portal.db, portal.identity, form->login, std::move(form->code), request.peer);
    if (!person) {
        if (person.error().kind == Error::Kind::Unauthenticated) co_await note_refusal(portal, form->login);
        co_return recovery_page(portal, request, form->login, &person.error());
    }
    co_return co_await enter(
        portal, request,
        Admission{.person = *person, .to = "/account/security?why=recovered", .second = true, .spend = nullptr});
}

} // namespace

void preload_second(web::Pages& pages) {
    pages.preload<SecondView>(second_template);
    pages.preload<RecoveryView>(recovery_template);
}

void second_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/signin/second", {.access = Access::Guest, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_second(portal, request); });
    routes.post("/signin/second", {.access = Access::Guest, .body_limit = 4 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return take_code(portal, request); });
    routes.get("/signin/recovery", {.access = Access::Guest, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_recovery(portal, request); });
    routes.post("/signin/recovery", {.access = Access::Guest, .body_limit = 4 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return recover(portal, request); });
}

} // namespace preau::portal
