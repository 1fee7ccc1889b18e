// /admin/structures/ID/calendar: the days of a structure, or those that it takes over from above.
#include "portal/calendar/calendar.hpp"

#include "base/json.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view edit_template = "portal/calendar/calendar_page.html";

struct CalendarEditView {
    AdminSide side;
    std::string done, problem;
    std::string id, structure, name;
    std::vector<Crumb> crumbs;
    CalendarView calendar;
    std::vector<AdminChoice> kinds, zones;
    std::string said_name, said_first, said_last;
    bool may_change = false, may_follow = false;
};
PREAU_DESCRIBE(CalendarEditView, side, done, problem, id, structure, name, crumbs, calendar, kinds, zones, said_name,
               said_first, said_last, may_change, may_follow)

struct Looked {
    identity::Rights rights;
    identity::Structure structure;
    std::vector<identity::Structure> above;
    std::optional<identity::SchoolCalendar> calendar;
    bool may_change = false;
};

struct CalendarAnswer {
    std::string followed; // the structure that it is taken over from; empty: its own
    std::string zone;
    std::vector<identity::Period> periods;
};
PREAU_DESCRIBE(CalendarAnswer, followed, zone, periods)

StructureId structure_in(const http::Request& request) {
    return parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
}

Result<Looked> look(db::Tx& tx, const Viewer& viewer, StructureId id, Millis now) {
    Looked looked{.rights = TRY(require_rights(tx, viewer.person, now))};
    auto found = identity::find_structure(tx, id);
    if (!found) return not_found("identity.structure");
    if (!oversees(tx, looked.rights, id)) return forbidden("admin.not_yours");
    looked.structure = std::move(*found);
    looked.above = identity::structures_above(tx, id);
    looked.calendar = identity::calendar_of(tx, id);
    looked.may_change = identity::may(tx, looked.rights, identity::AdminRole::Structures, id);
    return looked;
}

CalendarEditView view_of(const web::Locale& locale, const Looked& looked, const Fields& said, Millis now) {
    const auto id = looked.structure.id;
    CalendarEditView view{.side = admin_side(looked.rights),
                          .id = to_text(id),
                          .structure = to_text(id), // inside of a row, whose own `id` hides the other
                          .name = looked.structure.name,
                          .crumbs = crumbs_to(looked.above, "/admin/structures/"),
                          .calendar = calendar_view(locale, id, looked.calendar, today_in(looked.structure.zone, now)),
                          .said_name = std::string{said["name"]},
                          .said_first = std::string{said["first_day"]},
                          .said_last = std::string{said["last_day"]},
                          .may_change = looked.may_change,
                          .may_follow = looked.calendar && looked.calendar->of == id && looked.above.size() > 1};
    view.side.structures = true;
    for (const auto& kind : identity::period_kinds())
        view.kinds.push_back(
            {.value = kind, .text = locale.text("calendar.kind_" + kind), .chosen = kind == said["kind"]});
    const auto zone = looked.calendar ? looked.calendar->zone : std::string{};
    view.zones.push_back({.value = "", .text = locale.text("calendar.zone_none"), .chosen = zone.empty()});
    for (const auto& known : identity::calendar_zones())
        view.zones.push_back(
            {.value = known, .text = locale.text("calendar.zone_named", {{"zone", known}}), .chosen = known == zone});
    return view;
}

http::Response json_of(Looked looked) {
    CalendarAnswer answer;
    if (looked.calendar) {
        if (looked.calendar->of != looked.structure.id) answer.followed = to_text(looked.calendar->of);
        answer.zone = std::move(looked.calendar->zone);
        answer.periods = std::move(looked.calendar->periods);
    }
    return http::json_response(json::text_of(answer));
}

Task<http::Response> edit_page(Portal& portal, http::Request& request, std::optional<Error> problem, Fields said) {
    const auto now = portal.world.clock.now();
    auto looked = co_await portal.db.read([viewer = sharing::viewer(request), id = structure_in(request),
                                           now](db::Tx& tx) { return look(tx, viewer, id, now); });
    if (!looked) co_return portal.gate.refusal(request, problem ? *problem : looked.error());
    if (request.wants_json()) co_return json_of(std::move(*looked));
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(locale, *looked, said, now);
    if (problem) view.problem = locale.message(*problem);
    if (request.query("did") == "changed") view.done = locale.text("calendar.changed");
    auto shell = admin_shell(request, "calendar.title");
    shell.title += " · " + view.name;
    co_return portal.pages.page(shell, edit_template, view, problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_edit(Portal& portal, http::Request& request) {
    co_return co_await edit_page(portal, request, std::nullopt, {});
}

using Deed = Result<void> (*)(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said);

Task<http::Response> post(Portal& portal, http::Request& request, Deed deed) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto id = structure_in(request);
    const StructureActs acts{.portal = portal, .viewer = sharing::viewer(request), .now = portal.world.clock.now()};
    auto done =
        co_await portal.db.write_across(identity::administration_lanes(), [acts, deed, id, said = *fields](db::Tx& tx) {
            return deed(tx, acts, id, said);
        });
    if (!done && request.wants_json()) co_return portal.gate.refusal(request, done.error());
    if (!done) co_return co_await edit_page(portal, request, done.error(), std::move(*fields));
    if (request.wants_json()) co_return http::Response{.status = 204};
    co_return http::redirect("/admin/structures/" + to_text(id) + "/calendar?did=changed");
}

Result<void> add(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said) {
    return acts.add_period(tx, id,
                           {.kind = std::string{said["kind"]},
                            .name = std::string{said["name"]},
                            .first_day = std::string{said["first_day"]},
                            .last_day = std::string{said["last_day"]}});
}
Result<void> remove(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said) {
    return acts.remove_period(tx, id, parse_id<identity::PeriodId>(said["period"]).value_or(identity::PeriodId{}));
}
Result<void> set_zone(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said) {
    return acts.set_calendar_zone(tx, id, said["zone"]);
}
Result<void> follow(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields&) {
    return acts.follow_calendar_above(tx, id);
}

} // namespace

void preload_calendar(web::Pages& pages) { pages.preload<CalendarEditView>(edit_template); }

void calendar_edit_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/structures/{structure}/calendar",
              [&portal](http::Request& request) { return show_edit(portal, request); });
    admin_post(routes, "/structures/{structure}/calendar",
               [&portal](http::Request& request) { return post(portal, request, add); });
    admin_post(routes, "/structures/{structure}/calendar/remove",
               [&portal](http::Request& request) { return post(portal, request, remove); });
    admin_post(routes, "/structures/{structure}/calendar/zone",
               [&portal](http::Request& request) { return post(portal, request, set_zone); });
    admin_post(routes, "/structures/{structure}/calendar/follow",
               [&portal](http::Request& request) { return post(portal, request, follow); });
}

} // namespace preau::portal
