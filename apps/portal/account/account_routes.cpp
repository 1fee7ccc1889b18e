#include "portal/account/account.hpp"

#include "portal/signin/signin.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view account_template = "portal/account/account_page.html";

bool is_handheld(std::string_view device) {
    return device.ends_with("Android") || device.ends_with("iPhone") || device.ends_with("iPad");
}

AccountView account_view(const Viewer& viewer, const web::Locale& locale, const AccountData& data, Millis now) {
    AccountView view{.name = data.person ? data.person->name : viewer.name,
                     .login = viewer.login,
                     .mail = data.person ? data.person->mail : std::string{},
                     .structure = viewer.structure_name,
                     .french = locale.language() == web::Language::French,
                     .english = locale.language() == web::Language::English,
                     .has_structure = !viewer.structure_name.empty(),
                     .has_others = data.sessions.size() > 1,
                     .has_password = data.has_password};
    for (const auto& session : data.sessions)
        view.sessions.push_back(
            {.id = to_text(session.id),
             .device = session.device.empty() ? locale.text("portal.unknown_device") : session.device,
             .network = session.network,
             .seen = locale.ago(session.seen_at, now, viewer.zone),
             .icon = is_handheld(session.device) ? "device-mobile" : "device-laptop",
             .current = session.id == viewer.session});
    // This one first: it is what a person looks for to understand the list.
    auto current = std::ranges::find_if(view.sessions, &SessionLine::current);
    if (current != view.sessions.end()) std::rotate(view.sessions.begin(), current, current + 1);
    return view;
}

Task<http::Response> show_account(Portal& portal, http::Request& request) {
    co_return co_await account_page(portal, request, std::nullopt);
}

Task<std::vector<identity::SessionRow>> sessions_of(Portal& portal, PersonId person) {
    co_return co_await portal.db.read([&portal, person](db::Tx& tx) { return portal.identity.sessions(tx, person); });
}

Task<http::Response> revoke_session(Portal& portal, http::Request& request) {
    const auto& viewer = sharing::viewer(request);
    auto session = parse_id<SessionId>(request.parameter("session"));
    if (!session)
        co_return portal.gate.refusal(request, Error{.kind = Error::Kind::NotFound, .key = "portal.no_such_session"});
    const auto own = co_await sessions_of(portal, viewer.person);
    if (std::ranges::find(own, *session, &identity::SessionRow::id) != own.end()) {
        co_await portal.identity.end_session(viewer.person, *session); // only ever one's own
        co_await note_passage(portal, viewer.person, Passage::Closed);
    }
    co_return http::redirect(*session == viewer.session ? "/signin" : "/account#sessions");
}

Task<http::Response> revoke_others(Portal& portal, http::Request& request) {
    const auto& viewer = sharing::viewer(request);
    const auto own = co_await sessions_of(portal, viewer.person);
    co_await portal.identity.end_other_sessions(viewer.person, viewer.session);
    if (own.size() > 1) co_await note_passage(portal, viewer.person, Passage::Closed);
    co_return http::redirect("/account#sessions");
}

} // namespace

Task<http::Response> account_page(Portal& portal, http::Request& request, std::optional<PasswordProblem> problem) {
    const auto& viewer = sharing::viewer(request);
    auto* identity = &portal.identity;
    auto person = viewer.person;
    auto data = co_await portal.db.read([identity, person](db::Tx& tx) { return account_data(tx, *identity, person); });
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = account_view(viewer, locale, data, portal.world.clock.now());
    view.password_changed = !problem && request.query("saved") == "password";
    if (problem)
        (problem->field == "current" ? view.current_problem : view.new_problem) = locale.message(problem->error);
    auto shell = sharing::shell(request, locale.text("portal.account_title"));
    shell.here = "/account";
    int status = problem ? http::status_of(problem->error.kind) : 200;
    co_return portal.pages.page(shell, account_template, view, status);
}

void preload_account(web::Pages& pages) { pages.preload<AccountView>(account_template); }

void account_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_account(portal, request); });
    routes.post("/account/sessions/{session}/end", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return revoke_session(portal, request); });
    routes.post("/account/sessions/end-others", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return revoke_others(portal, request); });
}

} // namespace preau::portal
