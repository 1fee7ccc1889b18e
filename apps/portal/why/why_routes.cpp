// /admin/why: the question is asked by POST, as it leaves a line in the journal.
#include "portal/why/why.hpp"

#include "base/json.hpp"
#include "portal/people/people_admin.hpp"

namespace preau::portal {
namespace {

struct WhyView {
    AdminSide side;
    std::string problem, login, address;
    bool answered = false, yes = false;
    std::string verdict, reason, where, given, kind, person, name;
};
PREAU_DESCRIBE(WhyView, side, problem, login, address, answered, yes, verdict, reason, where, given, kind, person, name)

struct WhyJson {
    std::string person, role, why, kind;
    bool can_see = false, deposit = false;
    int levels_up = 0;
    std::optional<std::string> given_to_kind, given_to, given_to_name, given_by_name;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(WhyJson, person, role, why, kind, can_see, deposit, levels_up, given_to_kind, given_to, given_to_name,
               given_by_name, until)

constexpr std::string_view why_template = "portal/why/why_page.html";

std::string_view role_word(Role role) {
    switch (role) {
    case Role::View: return "view";
    case Role::Comment: return "comment";
    case Role::Edit: return "edit";
    case Role::Manage: return "manage";
    case Role::Deposit: return "deposit";
    case Role::None: return "none";
    }
    return "none";
}

std::string_view reason_word(sharing::Reason::Why why) {
    using enum sharing::Reason::Why;
    switch (why) {
    case Granted: return "granted";
    case NoGrant: return "no_grant";
    case NoSuchItem: return "no_such_item";
    case Trashed: return "trashed";
    case Restricted: return "restricted";
    }
    return "no_grant";
}

std::string subject_words(const web::Locale& locale, const WhyAnswer& answer) {
    const std::pair<std::string, std::string> name{"name", answer.given_to_name};
    switch (answer.given_to.kind) {
    case Subject::Kind::Person: return locale.text("admin.why_to_person");
    case Subject::Kind::Group: return locale.text("admin.why_to_group", {name});
    case Subject::Kind::Structure: return locale.text("admin.why_to_structure", {name});
    case Subject::Kind::SignedIn: return locale.text("admin.why_to_signed_in");
    case Subject::Kind::Public: return locale.text("admin.why_to_public");
    case Subject::Kind::Link: return locale.text("admin.why_to_link");
    case Subject::Kind::Families: return locale.text("admin.why_to_families", {name});
    case Subject::Kind::Function:
        return locale.text("admin.why_to_function",
                           {name, {"function", function_words(locale, answer.given_to_function)}});
    }
    return {};
}

void say(WhyView& view, const web::Locale& locale, const WhyAnswer& answer, std::string_view zone) {
    view.answered = true;
    view.yes = answer.can_see || answer.deposit;
    view.person = to_text(answer.person);
    view.name = answer.person_name;
    const auto kind = "admin.things_" + answer.kind;
    view.kind = locale.has(kind) ? locale.text(kind) : answer.kind;
    const auto role = answer.role == Role::None && answer.deposit ? Role::Deposit : answer.role;
    view.verdict = locale.text("admin.why_" + std::string{role_word(role)}, {{"name", answer.person_name}});
    if (answer.reason.grant && view.yes) {
        view.reason = subject_words(locale, answer);
        view.where =
            answer.levels_up ? locale.plural("admin.why_levels", answer.levels_up) : locale.text("admin.why_itself");
        view.given = answer.given_by_name.empty() ? std::string{}
                                                  : locale.text("admin.why_given_by", {{"name", answer.given_by_name}});
        if (const auto until = answer.reason.grant->until)
            view.given += (view.given.empty() ? "" : ", ") +
                          locale.text("admin.why_until", {{"moment", locale.date_time(*until, zone)}});
    } else {
        view.reason = locale.text("admin.why_because_" + std::string{reason_word(answer.reason.why)});
    }
}

http::Response json_of(const WhyAnswer& answer) {
    WhyJson json{.person = to_text(answer.person),
                 .role = std::string{role_word(answer.role)},
                 .why = std::string{reason_word(answer.reason.why)},
                 .kind = answer.kind,
                 .can_see = answer.can_see,
                 .deposit = answer.deposit,
                 .levels_up = answer.levels_up};
    if (const auto& grant = answer.reason.grant) {
        json.given_to_kind = std::to_string(static_cast<std::int64_t>(grant->subject_kind));
        json.given_to = to_base32(grant->subject);
        json.given_to_name = answer.given_to_name;
        json.given_by_name = answer.given_by_name;
        json.until = grant->until;
    }
    return http::json_response(json::text_of(json));
}

Task<http::Response> why_page(Portal& portal, http::Request& request, WhyView view, int status) {
    auto rights = co_await portal.db.read(
        [viewer = sharing::viewer(request), now = portal.world.clock.now()](db::Tx& tx) -> Result<identity::Rights> {
            auto held = TRY(require_rights(tx, viewer.person, now));
            if (!held.holds(identity::AdminRole::Support)) return forbidden("admin.not_yours");
            return held;
        });
    if (!rights) co_return portal.gate.refusal(request, rights.error());
    view.side = admin_side(*rights);
    view.side.why = true;
    co_return portal.pages.page(admin_shell(request, "admin.why"), why_template, view, status);
}

Task<http::Response> show_why(Portal& portal, http::Request& request) {
    co_return co_await why_page(portal, request, {.login = query_text(request, "login")}, 200);
}

Task<http::Response> post_why(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto viewer = sharing::viewer(request);
    auto answer = co_await portal.db.write(
        db::Lane{}, [&portal, viewer, said = *fields, now = portal.world.clock.now()](db::Tx& tx) -> Result<WhyAnswer> {
            // First whether one may ask at all: the page is no place to try logins.
            const auto rights = TRY(require_rights(tx, viewer.person, now));
            if (!rights.holds(identity::AdminRole::Support)) return forbidden("admin.not_yours");
            return ask_why(tx, portal, viewer, TRY(person_typed(tx, said["login"])), item_in_address(said["address"]),
                           now);
        });
    if (request.wants_json()) {
        if (!answer) co_return portal.gate.refusal(request, answer.error());
        co_return json_of(*answer);
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    WhyView view{.login = std::string{(*fields)["login"]}, .address = std::string{(*fields)["address"]}};
    if (answer)
        say(view, locale, *answer, viewer.zone);
    else
        view.problem = locale.message(answer.error());
    co_return co_await why_page(portal, request, std::move(view), answer ? 200 : http::status_of(answer.error()));
}

} // namespace

void preload_why(web::Pages& pages) { pages.preload<WhyView>(why_template); }

void why_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin/why", {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_why(portal, request); });
    admin_post(routes, "/why", [&portal](http::Request& request) { return post_why(portal, request); });
}

} // namespace preau::portal
