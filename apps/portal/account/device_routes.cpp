// /account/devices: where one is signed in, and the passwords of programs.
#include "portal/account/account.hpp"

#include "base/text.hpp"
#include "portal/signin/signin.hpp"
#include "web/form_input.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view devices_template = "portal/account/devices_page.html";

struct SessionLine {
    std::string id, device, network, seen, icon, end;
    bool current = false;
};
PREAU_DESCRIBE(SessionLine, id, device, network, seen, icon, end, current)

struct AppPasswordLine {
    std::string id, label, used, revoke;
};
PREAU_DESCRIBE(AppPasswordLine, id, label, used, revoke)

struct DevicesView {
    AccountSide side{.devices = true};
    std::string login, site;
    std::string made; // an app password, in this answer only
    std::string label_problem;
    bool revoked = false;
    bool has_others = false; // more sessions than this one
    std::vector<SessionLine> sessions;
    std::vector<AppPasswordLine> app_passwords;
    bool has_app_passwords = false;
};
PREAU_DESCRIBE(DevicesView, side, login, site, made, label_problem, revoked, has_others, sessions, app_passwords,
               has_app_passwords)

struct LabelForm {
    std::string label;
};
PREAU_DESCRIBE(LabelForm, label)

struct Found {
    std::vector<identity::SessionRow> sessions;
    std::vector<identity::AppPasswordRow> app_passwords;
};

using AppPasswordId = Id<struct identity::AppPasswordTag>;

bool is_handheld(std::string_view device) {
    return device.ends_with("Android") || device.ends_with("iPhone") || device.ends_with("iPad");
}

std::vector<SessionLine> session_lines(const web::Locale& locale, const Viewer& viewer,
                                       const std::vector<identity::SessionRow>& sessions, Millis now) {
    std::vector<SessionLine> lines;
    for (const auto& session : sessions) {
        auto device = session.device.empty() ? locale.text("portal.unknown_device") : session.device;
        lines.push_back({.id = to_text(session.id),
                         .device = device,
                         .network = session.network,
                         .seen = locale.ago(session.seen_at, now, viewer.zone),
                         .icon = is_handheld(session.device) ? "device-mobile" : "device-laptop",
                         .end = locale.text("portal.end_session_named", {{"name", device}}),
                         .current = session.id == viewer.session});
    }
    // This one first: it is what a person looks for to understand the list.
    auto current = std::ranges::find_if(lines, &SessionLine::current);
    if (current != lines.end()) std::rotate(lines.begin(), current, current + 1);
    return lines;
}

Task<http::Response> show_devices(Portal& portal, http::Request& request) {
    co_return co_await devices_page(portal, request, {}, std::nullopt);
}

Task<std::vector<identity::SessionRow>> sessions_of(Portal& portal, PersonId person) {
    co_return co_await portal.db.read([&portal, person](db::Tx& tx) { return portal.identity.sessions(tx, person); });
}

Task<http::Response> end_session(Portal& portal, http::Request& request) {
    const auto& viewer = sharing::viewer(request);
    auto session = parse_id<SessionId>(request.parameter("session"));
    if (!session)
        co_return portal.gate.refusal(request, Error{.kind = Error::Kind::NotFound, .key = "portal.no_such_session"});
    const auto own = co_await sessions_of(portal, viewer.person);
    if (std::ranges::find(own, *session, &identity::SessionRow::id) != own.end()) {
        co_await portal.identity.end_session(viewer.person, *session); // only ever one's own
        co_await note_passage(portal, viewer.person, Passage::Closed);
    }
    co_return http::redirect(*session == viewer.session ? "/signin" : "/account/devices");
}

Task<http::Response> end_others(Portal& portal, http::Request& request) {
    const auto& viewer = sharing::viewer(request);
    const auto own = co_await sessions_of(portal, viewer.person);
    co_await portal.identity.end_other_sessions(viewer.person, viewer.session);
    if (own.size() > 1) co_await note_passage(portal, viewer.person, Passage::Closed);
    co_return http::redirect("/account/devices");
}

Result<std::string> make_one(db::Tx& tx, Portal& portal, const Viewer& viewer, const std::string& label) {
    auto name = TRY(check_line(label, "label", 1, 60));
    sharing::record_event(tx, portal.world, viewer, "person.app_password_made", {});
    return identity::make_app_password(tx, portal.world.ids, portal.world.random, viewer.person, name,
                                       portal.world.clock.now());
}

Task<http::Response> add_app_password(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/devices")) co_return std::move(*first);
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<LabelForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    const auto viewer = sharing::viewer(request);
    auto made =
        co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, label = form->label](db::Tx& tx) {
            return make_one(tx, portal, viewer, label);
        });
    if (!made) co_return co_await devices_page(portal, request, {}, PageProblem{"label", made.error()});
    co_return co_await devices_page(portal, request, *made, std::nullopt);
}

Task<http::Response> revoke(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    const auto viewer = sharing::viewer(request);
    auto id = parse_id<AppPasswordId>(request.parameter("id")).value_or(AppPasswordId{});
    bool gone = co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, id](db::Tx& tx) {
        if (!identity::revoke_app_password(tx, viewer.person, id)) return false;
        sharing::record_event(tx, portal.world, viewer, "person.app_password_revoked", {});
        return true;
    });
    if (!gone)
        co_return portal.gate.refusal(request,
                                      Error{.kind = Error::Kind::NotFound, .key = "portal.no_such_app_password"});
    portal.identity.forget(viewer.person); // programs are remembered for a second
    co_return http::redirect("/account/devices?revoked");
}

} // namespace

Task<http::Response> devices_page(Portal& portal, http::Request& request, std::string made,
                                  std::optional<PageProblem> problem) {
    const auto viewer = sharing::viewer(request);
    auto found = co_await portal.db.read([&portal, person = viewer.person](db::Tx& tx) {
        return Found{.sessions = portal.identity.sessions(tx, person),
                     .app_passwords = identity::app_passwords_of(tx, person)};
    });
    auto now = portal.world.clock.now();
    auto shell = account_shell(request, "portal.devices");
    const auto& locale = web::Locale::of(shell.language);
    DevicesView view{.login = viewer.login,
                     .site = portal.public_url,
                     .made = std::move(made),
                     .revoked = request.has_query("revoked"),
                     .has_others = found.sessions.size() > 1,
                     .sessions = session_lines(locale, viewer, found.sessions, now),
                     .has_app_passwords = !found.app_passwords.empty()};
    for (const auto& one : found.app_passwords)
        view.app_passwords.push_back(
            {.id = to_text(one.id),
             .label = one.label,
             .used = one.used_at
                         ? locale.text("portal.last_used", {{"moment", locale.ago(*one.used_at, now, viewer.zone)}})
                         : locale.text("portal.never_used"),
             .revoke = locale.text("portal.revoke_named", {{"name", one.label}})});
    if (problem) view.label_problem = locale.message(problem->error);
    co_return portal.pages.page(shell, devices_template, view, problem ? http::status_of(problem->error.kind) : 200);
}

void preload_devices(web::Pages& pages) { pages.preload<DevicesView>(devices_template); }

void device_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.get("/account/devices", {.access = Access::Member, .body_limit = 0, .rate = Rate::Read},
               [&portal](http::Request& request) { return show_devices(portal, request); });
    routes.post("/account/sessions/{session}/end", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return end_session(portal, request); });
    routes.post("/account/sessions/end-others", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return end_others(portal, request); });
    routes.post("/account/app-passwords", {.access = Access::Member, .body_limit = 4 * 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return add_app_password(portal, request); });
    routes.post("/account/app-passwords/{id}/revoke",
                {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return revoke(portal, request); });
}

} // namespace preau::portal
