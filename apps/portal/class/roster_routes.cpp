#include "portal/class/class_page.hpp"
#include "portal/class/roster_page.hpp"

#include "base/text.hpp"
#include "identity/roster.hpp"
#include "identity/school_year.hpp"
#include "portal/group/group.hpp"
#include "web/form_input.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view roster_template = "portal/class/roster_page.html";

struct RosterForm {
    std::string list, mark;
    bool confirm = false;
};
PREAU_DESCRIBE(RosterForm, list, mark, confirm)

struct UndoForm {
    identity::RosterChangeId change;
};
PREAU_DESCRIBE(UndoForm, change)

struct Roster {
    identity::Group group;
    std::vector<identity::Pupil> pupils;
};

// Whoever is not of its staff is told no more than of a class that does not exist.
Result<Roster> roster_in(db::Tx& tx, const Viewer& viewer, GroupId id) {
    auto group = identity::find_group(tx, id);
    if (!viewer.is_person() || viewer.guest || !viewer.is(subject(id)) || !group || group->kind != "class")
        return not_found("portal.no_such_class");
    if (identity::closed_class(tx, id)) return fail(Error::Kind::Conflict, "identity.class_closed");
    return Roster{.group = std::move(*group), .pupils = identity::pupils_of(tx, id)};
}

Result<GroupId> class_of(const http::Request& request) {
    auto group = parse_id<GroupId>(request.parameter("class"));
    if (!group) return not_found("portal.no_such_class");
    return *group;
}

Task<Result<Roster>> load(Portal& portal, const http::Request& request) {
    auto id = class_of(request);
    if (!id) co_return std::unexpected(id.error());
    co_return co_await portal.db.read(
        [viewer = sharing::viewer(request), id = *id](db::Tx& tx) { return roster_in(tx, viewer, id); });
}

RosterView view_of(const web::Locale& locale, const Roster& roster) {
    RosterView view{.id = to_text(roster.group.id),
                    .name = roster.group.name,
                    .count = locale.plural("portal.pupils", std::ssize(roster.pupils))};
    for (const auto& pupil : roster.pupils) view.pupils.push_back({.name = pupil.name});
    return view;
}

void show_differences(const web::Locale& locale, RosterView& view, const identity::RosterDifference& difference) {
    view.compared = true;
    view.differs = difference.any();
    view.unchanged = locale.plural("portal.roster_unchanged", difference.unchanged);
    for (const auto& name : difference.adds) view.adds.push_back({.name = name});
    for (const auto& rename : difference.renames)
        view.renames.push_back({.name = rename.name, .before = rename.pupil.name});
    for (const auto& pupil : difference.removes) view.removes.push_back({.name = pupil.name});
    for (const auto& mistake : difference.mistakes)
        view.mistakes.push_back({.name = locale.text("portal.roster_line", {{"line", std::to_string(mistake.line)},
                                                                            {"why", locale.text(mistake.key)}})});
    view.has_adds = !view.adds.empty();
    view.has_renames = !view.renames.empty();
    view.has_removes = !view.removes.empty();
    view.has_mistakes = !view.mistakes.empty();
}

http::Response page(Portal& portal, const http::Request& request, const RosterView& view, int status = 200) {
    auto title = web::Locale::of(sharing::language(request)).text("portal.roster_title", {{"class", view.name}});
    return portal.pages.page(sharing::shell(request, std::move(title)), roster_template, view, status);
}

Task<http::Response> show_roster(Portal& portal, http::Request& request) {
    auto roster = co_await load(portal, request);
    if (!roster) co_return portal.gate.refusal(request, roster.error());
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(locale, *roster);
    if (auto change = parse_id<identity::RosterChangeId>(request.query("done"))) {
        view.note = locale.text("portal.roster_done");
        view.undo = to_text(*change);
    }
    if (request.query("undone") == "1") view.note = locale.text("portal.roster_undone");
    co_return page(portal, request, view);
}

// What was pasted, compared with the roster as it is now; nothing is written.
http::Response preview(Portal& portal, const http::Request& request, const Roster& roster, const RosterForm& form,
                       const Error* error) {
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(locale, roster);
    view.pasted = form.list;
    view.mark = base64url(identity::roster_mark(roster.pupils));
    show_differences(locale, view, identity::compare_roster(roster.pupils, form.list));
    if (error) view.problem = locale.message(*error);
    return page(portal, request, view, error ? http::status_of(*error) : 200);
}

Task<http::Response> post_roster(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<RosterForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto roster = co_await load(portal, request);
    if (!roster) co_return portal.gate.refusal(request, roster.error());
    if (!form->confirm) co_return preview(portal, request, *roster, *form, nullptr);
    const auto viewer = sharing::viewer(request);
    const identity::RosterWish wish{.group = roster->group.id,
                                    .person = viewer.person,
                                    .pasted = form->list,
                                    .mark = base64url_decode(form->mark).value_or(std::string{})};
    auto work = [&portal, viewer, wish](db::Tx& tx) -> Result<identity::RosterChangeId> {
        const auto before = TRY(roster_in(tx, viewer, wish.group)); // still of its staff
        auto change = TRY(identity::paste_roster(tx, portal.world.ids, wish, portal.world.clock.now()));
        TRY(links_follow_roster(tx, portal.world, wish.group, before.pupils, Newcomers::GetLinks));
        record_group_event(tx, portal, viewer, "class.roster_changed", wish.group);
        return change;
    };
    auto change = co_await portal.db.write(db::lane_of(wish.group), std::move(work));
    if (!change) {
        // Compared anew: what somebody else changed meanwhile is in it.
        auto now = co_await load(portal, request);
        if (!now) co_return portal.gate.refusal(request, now.error());
        co_return preview(portal, request, *now, *form, &change.error());
    }
    co_return http::redirect("/class/" + to_text(wish.group) + "/roster?done=" + to_text(*change));
}

Task<http::Response> undo_roster(Portal& portal, http::Request& request) {
    auto sent = request.form();
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto form = web::read_form<UndoForm>(*sent);
    if (!form) co_return portal.gate.refusal(request, form.error());
    auto group = class_of(request);
    if (!group) co_return portal.gate.refusal(request, group.error());
    auto work = [&portal, viewer = sharing::viewer(request), id = *group,
                 change = form->change](db::Tx& tx) -> Result<void> {
        const auto before = TRY(roster_in(tx, viewer, id));
        TRY(identity::take_back_roster(tx, id, change));
        TRY(links_follow_roster(tx, portal.world, id, before.pupils, Newcomers::GetLinks));
        record_group_event(tx, portal, viewer, "class.roster_changed", id);
        return {};
    };
    auto done = co_await portal.db.write(db::lane_of(*group), std::move(work));
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return http::redirect("/class/" + to_text(*group) + "/roster?undone=1");
}

} // namespace

void preload_roster(web::Pages& pages) { pages.preload<RosterView>(roster_template); }

void roster_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    constexpr std::uint64_t form_limit = 4 * identity::most_pasted_bytes; // encoded, three bytes for one
    const http::Rule writing{.access = Member, .body_limit = form_limit, .rate = http::Rate::Write};
    routes.get("/class/{class}/roster", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_roster(portal, request); });
    routes.post("/class/{class}/roster", writing,
                [&portal](http::Request& request) { return post_roster(portal, request); });
    routes.post("/class/{class}/roster/undo", {.access = Member, .body_limit = 4096, .rate = http::Rate::Write},
                [&portal](http::Request& request) { return undo_roster(portal, request); });
}

} // namespace preau::portal
