// /account: who I am here, and how pages look.
#include "portal/account/account.hpp"

#include "base/text.hpp"
#include "portal/profile/cards.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view account_template = "portal/account/account_page.html";

struct Choice { // one of several, as a radio button
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(Choice, value, text, chosen)

struct AccountView {
    AccountSide side{.profile = true};
    bool saved = false;
    std::string id, name, login, mail, structure;
    std::string name_problem;
    sharing::Face face;
    bool has_structure = false;
    bool french = false;
    bool english = false;
    std::vector<Choice> themes, densities;
};
PREAU_DESCRIBE(AccountView, side, saved, id, name, login, mail, structure, name_problem, face, has_structure, french,
               english, themes, densities)

struct NameForm {
    std::string name;
};
PREAU_DESCRIBE(NameForm, name)

struct LookForm {
    std::string theme, density;
};
PREAU_DESCRIBE(LookForm, theme, density)

std::vector<Choice> choices(const web::Locale& locale, std::string_view prefix,
                            std::initializer_list<std::string_view> values, std::string_view chosen) {
    std::vector<Choice> all;
    for (auto value : values) {
        auto word = value.empty() ? std::string_view{"usual"} : value;
        all.push_back({.value = std::string{value},
                       .text = locale.text(std::string{prefix} + std::string{word}),
                       .chosen = value == chosen});
    }
    return all;
}

Task<http::Response> account_page(Portal& portal, http::Request& request, std::optional<PageProblem> problem,
                                  std::string typed) {
    const auto viewer = sharing::viewer(request);
    auto person = co_await portal.db.read(
        [id = viewer.person](db::Tx& tx) { return identity::find_person(tx, id).value_or(identity::Person{}); });
    auto shell = account_shell(request, "portal.account_title");
    const auto& locale = web::Locale::of(shell.language);
    AccountView view{.saved = !problem && request.has_query("saved"),
                     .id = to_text(person.id),
                     .name = problem ? std::move(typed) : person.name,
                     .login = viewer.login,
                     .mail = person.mail,
                     .structure = viewer.structure_name,
                     .face = sharing::face_of(person.id, person.name, person.picture),
                     .has_structure = !viewer.structure_name.empty(),
                     .french = shell.language == web::Language::French,
                     .english = shell.language == web::Language::English,
                     .themes = choices(locale, "portal.theme_", {"", "light", "dark"}, shell.theme),
                     .densities = choices(locale, "portal.density_", {"", "compact"}, shell.density)};
    if (problem) view.name_problem = locale.message(problem->error);
    co_return portal.pages.page(shell, account_template, view, problem ? http::status_of(problem->error.kind) : 200);
}

Task<http::Response> show_account(Portal& portal, http::Request& request) {
    co_return co_await account_page(portal, request, std::nullopt, {});
}

Task<http::Response> change_name(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<NameForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto person = sharing::viewer(request).person;
    auto done = co_await portal.db.write(
        db::lane_of(person), [person, name = form->name](db::Tx& tx) { return identity::set_name(tx, person, name); });
    if (!done) co_return co_await account_page(portal, request, PageProblem{"name", done.error()}, form->name);
    portal.identity.forget(person);
    co_return http::redirect("/account?saved");
}

// No secret and no state of a session, like the language: hence no __Host- prefix.
std::string look_cookie(const http::Request& request, std::string_view name, std::string_view value) {
    return std::string{name} + "=" + std::string{value} +
           "; Path=/; SameSite=Lax; Max-Age=" + (value.empty() ? "0" : "31536000") + (request.secure ? "; Secure" : "");
}

Task<http::Response> choose_look(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<LookForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    const bool known = (form->theme.empty() || form->theme == "light" || form->theme == "dark") &&
                       (form->density.empty() || form->density == "compact");
    if (!known)
        co_return portal.gate.refusal(request, Error{.kind = Error::Kind::Invalid, .key = "portal.no_such_look"});
    auto response = http::redirect("/account?saved");
    response.headers.add("set-cookie", look_cookie(request, "theme", form->theme));
    response.headers.add("set-cookie", look_cookie(request, "density", form->density));
    co_return response;
}

} // namespace

web::Shell account_shell(const http::Request& request, std::string_view title_key) {
    auto shell = sharing::shell(request, web::Locale::of(sharing::language(request)).text(title_key));
    shell.here = "/account";
    return shell;
}

std::optional<http::Response> only_by_session(Portal& portal, const http::Request& request) {
    if (sharing::viewer(request).session) return std::nullopt;
    return portal.gate.refusal(request, Error{.kind = Error::Kind::Forbidden, .key = "portal.session_needed"});
}

void preload_account(web::Pages& pages) {
    pages.preload<AccountView>(account_template);
    preload_profile(pages);
    preload_security(pages);
    preload_totp(pages);
    preload_devices(pages);
    preload_proof(pages);
}

void profile_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_account(portal, request); });
    routes.post("/account/name", {.access = Access::Member, .body_limit = 4 * 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return change_name(portal, request); });
    routes.post("/account/look", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return choose_look(portal, request); });
}

void account_routes(http::Router& routes, Portal& portal) {
    profile_routes(routes, portal);
    profile_card_routes(routes, portal);
    password_routes(routes, portal);
    security_routes(routes, portal);
    totp_routes(routes, portal);
    passkey_routes(routes, portal);
    device_routes(routes, portal);
    proof_routes(routes, portal);
    language_routes(routes, portal);
}

} // namespace preau::portal
