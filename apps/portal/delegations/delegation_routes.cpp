// /admin/delegations: what I administer and by whose word, what others administer below me, giving and withdrawing.
#include "portal/delegations/delegations.hpp"

#include "base/json.hpp"
#include "identity/directory.hpp"
#include "identity/structure_detail.hpp"
#include "portal/people/people_admin.hpp"

namespace preau::portal {
namespace {

using identity::AdminRole;

struct DelegationLine {
    std::string id, person, name, role, place, until, given;
    bool mine = false; // held by who looks
};
PREAU_DESCRIBE(DelegationLine, id, person, name, role, place, until, given, mine)

struct DelegationsView {
    AdminSide side;
    std::string done, problem, login, structure, until;
    bool everything = false;
    std::vector<DelegationLine> held;
    std::vector<AdminChoice> roles, places;
    std::vector<DelegationLine> rows;
    bool some = false;
    std::string next;
};
PREAU_DESCRIBE(DelegationsView, side, done, problem, login, structure, until, everything, held, roles, places, rows,
               some, next)

struct DelegationsAnswer {
    std::vector<identity::Delegation> delegations;
    std::optional<std::string> next;
};
PREAU_DESCRIBE(DelegationsAnswer, delegations, next)

constexpr std::string_view delegations_template = "portal/delegations/delegations_page.html";
constexpr int rows_per_page = 50;

struct Listed {
    identity::Rights rights;
    std::vector<identity::Delegation> rows;
    identity::DelegationId next;
    std::map<Subject, identity::Named> names;
    std::vector<identity::StructureRow> places;
};

Result<Listed> list(db::Tx& tx, const Viewer& viewer, identity::DelegationId before, Millis now) {
    Listed listed{.rights = TRY(require_rights(tx, viewer.person, now))};
    listed.rows = identity::delegations_seen(tx, listed.rights, before, rows_per_page + 1, now);
    if (std::ssize(listed.rows) > rows_per_page) {
        listed.rows.resize(rows_per_page);
        listed.next = listed.rows.back().id;
    }
    std::vector<Subject> subjects;
    for (const auto* rows : {&listed.rows, &listed.rights.held})
        for (const auto& row : *rows) {
            subjects.push_back(subject(row.person));
            subjects.push_back(subject(row.given_by));
            if (row.structure) subjects.push_back(subject(row.structure));
        }
    listed.names = identity::names_of(tx, subjects);
    listed.places = identity::structures_named(tx, roots_of(listed.rights));
    return listed;
}

std::string name_of(const Listed& listed, Subject who) {
    auto found = listed.names.find(who);
    return found == listed.names.end() ? std::string{} : found->second.name;
}

DelegationLine line_of(const web::Locale& locale, const Listed& listed, const identity::Delegation& row,
                       const Viewer& viewer) {
    return {.id = to_text(row.id),
            .person = to_text(row.person),
            .name = name_of(listed, subject(row.person)),
            .role = role_words(locale, row.role),
            .place = row.structure ? name_of(listed, subject(row.structure)) : locale.text("admin.everywhere"),
            .until = row.until_at
                         ? locale.text("admin.until_day", {{"day", locale.date(*row.until_at - 1, viewer.zone)}})
                         : locale.text("admin.without_end"),
            .given = locale.text("admin.given_by", {{"name", name_of(listed, subject(row.given_by))},
                                                    {"day", locale.date(row.given_at, viewer.zone)}}),
            .mine = row.person == viewer.person};
}

Task<http::Response> delegations_page(Portal& portal, http::Request& request, std::optional<Error> problem,
                                      Fields said) {
    const auto viewer = sharing::viewer(request);
    const auto before = parse_id<identity::DelegationId>(request.query("before")).value_or(identity::DelegationId{});
    auto listed = co_await portal.db.read(
        [viewer, before, now = portal.world.clock.now()](db::Tx& tx) { return list(tx, viewer, before, now); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    if (request.wants_json()) {
        DelegationsAnswer answer{.delegations = std::move(listed->rows)};
        if (listed->next) answer.next = to_text(listed->next);
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    DelegationsView view{.side = admin_side(listed->rights),
                         .problem = problem ? locale.message(*problem) : std::string{},
                         .login = std::string{said["login"]},
                         .structure = std::string{said["structure"]},
                         .until = std::string{said["until"]},
                         .everything = listed->rights.everything};
    view.side.delegations = true;
    for (const auto& held : listed->rights.held) view.held.push_back(line_of(locale, *listed, held, viewer));
    for (auto role : {AdminRole::Support, AdminRole::People, AdminRole::Structures, AdminRole::Administration})
        if (listed->rights.holds(role))
            view.roles.push_back({.value = std::string{identity::word_of(role)},
                                  .text = role_words(locale, identity::word_of(role)),
                                  .chosen = said["role"] == identity::word_of(role)});
    for (const auto& place : listed->places) view.places.push_back({.value = place.name});
    for (const auto& row : listed->rows)
        if (row.person != viewer.person) view.rows.push_back(line_of(locale, *listed, row, viewer));
    view.some = !view.rows.empty();
    if (listed->next) view.next = "/admin/delegations?before=" + to_text(listed->next);
    const auto did = "admin.did_" + query_text(request, "did");
    if (request.has_query("did") && locale.has(did)) view.done = locale.text(did);
    co_return portal.pages.page(admin_shell(request, "admin.delegations"), delegations_template, view,
                                problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_delegations(Portal& portal, http::Request& request) {
    Fields said;
    said.values["login"] = query_text(request, "login");
    said.values["role"] = "support"; // the least
    co_return co_await delegations_page(portal, request, std::nullopt, std::move(said));
}

void record(db::Tx& tx, Portal& portal, const Viewer& viewer, std::string_view kind, const identity::Delegation& row) {
    record_act(
        tx, portal, viewer,
        {.kind = kind, .person = row.person, .structure = row.structure, .role = row.role, .until = row.until_at});
}

// Nothing typed for the structure, or "/": everywhere, which only who administers everywhere can give.
Result<identity::Delegation> give(db::Tx& tx, Portal& portal, const Viewer& viewer, const Fields& said, Millis now) {
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    const auto role = identity::admin_role(said["role"]);
    if (!role) return invalid("role", "admin.role_unknown");
    identity::NewDelegation wanted{.person = TRY(person_typed(tx, said["login"])), .role = *role};
    if (!said["structure"].empty() && said["structure"] != "/")
        wanted.structure = TRY(structure_typed(tx, rights, said["structure"]));
    wanted.until_at = TRY(day_in(said, "until", DayEdge::End, viewer.zone));
    auto given = TRY(identity::give_delegation(tx, portal.world.ids, rights, wanted, now));
    record(tx, portal, viewer, "admin.delegated", given);
    return given;
}

struct IdAnswer {
    std::string id;
};
PREAU_DESCRIBE(IdAnswer, id)

Task<http::Response> post_delegation(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    auto given = co_await portal.db.write_across(
        identity::administration_lanes(),
        [&portal, viewer = sharing::viewer(request), said = *fields, now = portal.world.clock.now()](db::Tx& tx) {
            return give(tx, portal, viewer, said, now);
        });
    if (!given && request.wants_json()) co_return portal.gate.refusal(request, given.error());
    if (!given) co_return co_await delegations_page(portal, request, given.error(), std::move(*fields));
    portal.identity.forget(given->person);
    if (request.wants_json()) co_return http::json_response(json::text_of(IdAnswer{to_text(given->id)}), 201);
    co_return http::redirect("/admin/delegations?did=delegated");
}

Task<http::Response> post_revoke(Portal& portal, http::Request& request) {
    const auto id =
        parse_id<identity::DelegationId>(request.parameter("delegation")).value_or(identity::DelegationId{});
    auto ended = co_await portal.db.write_across(
        identity::administration_lanes(),
        [&portal, viewer = sharing::viewer(request), id,
         now = portal.world.clock.now()](db::Tx& tx) -> Result<std::vector<identity::Delegation>> {
            const auto rights = TRY(require_rights(tx, viewer.person, now));
            auto all = TRY(identity::revoke_delegation(tx, rights, id, now));
            for (const auto& one : all) record(tx, portal, viewer, "admin.undelegated", one);
            return all;
        });
    if (!ended && request.wants_json()) co_return portal.gate.refusal(request, ended.error());
    if (!ended) co_return co_await delegations_page(portal, request, ended.error(), {});
    if (request.wants_json()) co_return http::json_response(json::text_of(DelegationsAnswer{.delegations = *ended}));
    // Who laid down the last of their own has no page of administration to come back to.
    const bool own = !ended->empty() && ended->front().person == sharing::viewer(request).person;
    co_return http::redirect(own ? "/" : "/admin/delegations?did=undelegated");
}

} // namespace

void preload_delegations(web::Pages& pages) { pages.preload<DelegationsView>(delegations_template); }

void delegation_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/delegations", [&portal](http::Request& request) { return show_delegations(portal, request); });
    admin_post(routes, "/delegations", [&portal](http::Request& request) { return post_delegation(portal, request); });
    admin_post(routes, "/delegations/{delegation}/revoke",
               [&portal](http::Request& request) { return post_revoke(portal, request); });
}

} // namespace preau::portal
