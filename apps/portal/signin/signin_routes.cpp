#include "identity/second_factor.hpp"
#include "portal/providers/provider_pages.hpp"
#include "portal/signin/entering.hpp"
#include "portal/signin/local_path.hpp"
#include "portal/signin/reset.hpp"
#include "portal/signin/signin.hpp"

#include "base/text.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view signin_template = "portal/signin/signin_page.html";
constexpr std::string_view once_template = "portal/signin/once_page.html";

struct SigninForm {
    std::string login;
    std::string password;
    std::string to;
};
PREAU_DESCRIBE(SigninForm, login, password, to)

// One page for every failure: an unknown account, a wrong password and a disabled account read the same.
http::Response signin_page(Portal& portal, const http::Request& request, const SigninForm& form, const Error* error) {
    auto shell = entry_shell(request, "portal.signin_title");
    shell.component = "portal/passkey-signin";
    SigninView view{.login = form.login, .to = form.to, .reset = request.query("done") == "reset"};
    const auto& locale = web::Locale::of(shell.language);
    for (const auto& method : portal.identity.methods()) {
        MethodView shown{.address = method.address, .label = locale.text(method.label_key)};
        bool is_form = method.shape == identity::SignInMethod::Shape::LoginAndSecret;
        (is_form ? view.forms : view.buttons).push_back(std::move(shown));
    }
    for (const auto& provider : provider_buttons(portal, locale, form.to)) view.buttons.push_back(provider);
    int status = 200;
    if (error) {
        view.failed = true;
        view.message = locale.message(*error);
        status = http::status_of(error->kind);
    }
    auto response = portal.pages.page(shell, signin_template, view, status);
    if (error && error->retry_after > 0) response.headers.set("retry-after", std::to_string(error->retry_after));
    return response;
}

Task<http::Response> show_signin(Portal& portal, http::Request& request) {
    SigninForm form{.to = local_path_or_home(request.query("to"))};
    if (sharing::viewer(request).is_person()) co_return http::redirect(form.to);
    co_return signin_page(portal, request, form, nullptr);
}

Task<http::Response> sign_in(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<SigninForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    form->login = std::string{trimmed(form->login)};
    form->to = local_path_or_home(form->to);
    auto person = co_await portal.identity.check_password(form->login, std::move(form->password), request.peer);
    if (!person) {
        // A try that was not even looked at (too many, too busy) is not written: whoever floods the door would fill the
        // journal at no cost, and the refusals that led there are in it.
        if (person.error().kind == Error::Kind::Unauthenticated) co_await note_refusal(portal, form->login);
        co_return signin_page(portal, request, *form, &person.error());
    }
    co_return co_await after_first(portal, request, *person, form->to);
}

Task<http::Response> sign_out(Portal& portal, http::Request& request) {
    auto viewer = sharing::viewer(request);
    if (viewer.session) {
        co_await portal.identity.end_session(viewer.person, viewer.session);
        co_await note_passage(portal, viewer.person, Passage::Closed);
    }
    auto response = http::redirect(after_signing_out(portal, request));
    response.headers.add("set-cookie", http::set_cookie(request, "preau", "", 0));
    response.headers.add("set-cookie", http::set_cookie(request, way_cookie, "", 0));
    // What a shared computer still holds of this account goes too (Clear-Site-Data, W3C).
    response.headers.set("clear-site-data", "\"cache\"");
    co_return response;
}

// Programs that preview links in mails and chats fetch them: only the button behind this page uses the link up.
Task<http::Response> show_once(Portal& portal, http::Request& request) {
    auto token = std::string{request.parameter("token")};
    auto now = portal.world.clock.now();
    auto link = co_await portal.db.read([token, now](db::Tx& tx) { return identity::find_link(tx, token, now); });
    co_return portal.pages.page(entry_shell(request, "portal.once_title"), once_template,
                                OnceView{.token = token, .resets = link && link->resets});
}

// The link of a reset took all second factors and sessions away. It came by mail, which is no factor (ASVS 5.0 §6.3.5):
// who has a password shows it next.
Task<http::Response> after_reset(Portal& portal, http::Request& request, PersonId person) {
    portal.identity.forget(person);
    auto left = co_await portal.db.read([person](db::Tx& tx) { return identity::factors_of(tx, person); });
    if (left.password) co_return http::redirect("/signin?done=reset");
    co_return co_await after_first(portal, request, person, "/account/security?why=reset");
}

Task<http::Response> redeem_once(Portal& portal, http::Request& request) {
    auto link = co_await identity::redeem_link(portal.db, portal.world.clock, std::string{request.parameter("token")},
                                               [&portal](db::Tx& tx, const identity::Redeemed& redeemed) {
                                                   if (redeemed.resets) note_reset(tx, portal, redeemed.person);
                                               });
    if (!link) {
        co_await note_refusal(portal, {}); // a spent link says nothing of whose it was
        co_return portal.gate.refusal(request, link.error());
    }
    if (link->resets) co_return co_await after_reset(portal, request, link->person);
    co_return co_await after_first(portal, request, link->person, "/", Passage::OpenedOnce);
}

} // namespace

web::Shell entry_shell(const http::Request& request, std::string_view title_key) {
    auto shell = sharing::shell(request, web::Locale::of(sharing::language(request)).text(title_key));
    shell.kind = web::Shell::Kind::Entry;
    return shell;
}

void preload_signin(web::Pages& pages) {
    pages.preload<SigninView>(signin_template);
    pages.preload<OnceView>(once_template);
}

void signin_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/signin", {.access = Access::Guest, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_signin(portal, request); });
    routes.post("/signin", {.access = Access::Guest, .body_limit = 8 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return sign_in(portal, request); });
    routes.post("/signout", {.access = Access::Guest, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return sign_out(portal, request); });
    routes.get("/signin/once/{token}", {.access = Access::Guest, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_once(portal, request); });
    routes.post("/signin/once/{token}", {.access = Access::Guest, .body_limit = 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return redeem_once(portal, request); });
}

} // namespace preau::portal
