// /groups: mine, to discover, found by name; /groups/new and /groups/ID/settings: one form.
#include "portal/group/group.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"
#include "sharing/answers.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view groups_page = "portal/group/groups_page.html";
constexpr std::string_view form_page = "portal/group/group_form_page.html";
constexpr int per_page = 40;

struct GroupLine {
    std::string name, href, icon, detail, joining, chip;
};
PREAU_DESCRIBE(GroupLine, name, href, icon, detail, joining, chip)

struct GroupsView {
    bool mine = false, discover = false, searched = false, some = false, may_found = false;
    std::string typed, next;
    std::vector<GroupLine> rows;
};
PREAU_DESCRIBE(GroupsView, mine, discover, searched, some, may_found, typed, next, rows)

struct GroupChoice {
    std::string value, text, hint;
    bool chosen = false;
};
PREAU_DESCRIBE(GroupChoice, value, text, hint, chosen)

struct GroupFormView {
    std::string id; // empty: a new one
    std::string action, back;
    std::string name, description, name_problem, description_problem, problem;
    bool is_class = false;
    std::vector<GroupChoice> joinings, places;
};
PREAU_DESCRIBE(GroupFormView, id, action, back, name, description, name_problem, description_problem, problem, is_class,
               joinings, places)

struct GroupJson {
    GroupId id;
    std::string name, kind, description, joining;
    std::int64_t members = 0;
    std::string url;
};
PREAU_DESCRIBE(GroupJson, id, name, kind, description, joining, members, url)
struct GroupsJson {
    std::vector<GroupJson> groups;
    std::string next;
};
PREAU_DESCRIBE(GroupsJson, groups, next)
struct MadeJson {
    GroupId id;
    std::string url;
};
PREAU_DESCRIBE(MadeJson, id, url)

GroupLine line_of(const web::Locale& locale, const identity::GroupCard& group) {
    auto detail = locale.plural("group.members", group.members);
    if (!group.place.empty()) detail += " · " + group.place;
    return {.name = group.name,
            .href = class_or_group_address(group),
            .icon = group.kind == "class" ? "school" : "users",
            .detail = std::move(detail),
            .joining = joining_words(locale, group),
            .chip = group.closed                               ? "warn"
                    : group.joining == identity::Joining::Open ? "good"
                                                               : ""};
}

struct Found {
    std::vector<identity::GroupCard> groups;
    std::string next; // key of the next page, after "after="
};

identity::NameKey name_key(std::string_view sort, std::string_view id) {
    return {std::string{sort}, from_base32(id).value_or(0)};
}

Found find_mine(db::Tx& tx, const Viewer& viewer, const identity::NameKey& after) {
    Found found{.groups = identity::my_groups(tx, viewer.person, after, per_page + 1)};
    if (std::ssize(found.groups) > per_page) {
        found.groups.resize(per_page);
        const auto& last = found.groups.back();
        found.next = "sort=" + last.sort + "&id=" + to_text(last.id);
    }
    return found;
}

Found find_new(db::Tx& tx, const Viewer& viewer, const identity::DiscoverKey& after) {
    auto page = identity::groups_to_discover(tx, viewer, after, per_page);
    Found found{.groups = std::move(page.groups)};
    if (page.next)
        found.next = "in=" + to_text(page.next->structure) + "&sort=" + page.next->name.sort +
                     "&id=" + to_base32(page.next->name.id);
    return found;
}

Task<http::Response> show_groups(Portal& portal, http::Request& request) {
    const auto typed = cut_to_bytes(request.query("q"), 200);
    const bool searched = !trimmed(typed).empty() && valid_utf8(typed);
    const bool discover = request.query("show") == "discover";
    auto found = co_await portal.db.read(
        [viewer = sharing::viewer(request), typed, searched, discover,
         key = name_key(request.query("sort"), request.query("id")),
         in = parse_id<StructureId>(request.query("in")).value_or(StructureId{})](db::Tx& tx) -> Found {
            if (searched) return {.groups = identity::search_groups(tx, viewer, typed)};
            if (discover) return find_new(tx, viewer, {in, key});
            return find_mine(tx, viewer, key);
        });
    if (request.wants_json()) {
        GroupsJson json{.next = found.next};
        for (auto& group : found.groups)
            json.groups.push_back({.id = group.id,
                                   .name = group.name,
                                   .kind = group.kind,
                                   .description = group.description,
                                   .joining = std::string{identity::word_of(group.joining)},
                                   .members = group.members,
                                   .url = class_or_group_address(group)});
        co_return http::json_response(json::text_of(json));
    }
    const auto& locale = sharing::words_of(request);
    GroupsView view{.mine = !searched && !discover,
                    .discover = !searched && discover,
                    .searched = searched,
                    .some = !found.groups.empty(),
                    .may_found = !sharing::viewer(request).guest,
                    .typed = searched ? typed : std::string{}};
    for (const auto& group : found.groups) view.rows.push_back(line_of(locale, group));
    if (!found.next.empty()) view.next = std::string{"/groups?"} + (discover ? "show=discover&" : "") + found.next;
    co_return portal.pages.page(sharing::shell(request, locale.text("group.groups")), groups_page, view);
}

// ---- The form.

GroupFormView form_view(const web::Locale& locale, const identity::GroupForm& form,
                        const std::vector<identity::Found>& near) {
    GroupFormView view{.name = form.name, .description = form.description};
    for (auto joining : {identity::Joining::Open, identity::Joining::Moderated, identity::Joining::ByInvitation}) {
        const auto key = "group.joining_" + std::string{identity::word_of(joining)};
        view.joinings.push_back({.value = std::string{identity::word_of(joining)},
                                 .text = locale.text(key),
                                 .hint = locale.text(key + "_hint"),
                                 .chosen = joining == form.joining});
    }
    view.places.push_back({.value = "", .text = locale.text("group.place_none"), .chosen = !form.structure});
    for (const auto& place : near)
        if (place.subject.kind == Subject::Kind::Structure)
            view.places.push_back({.value = to_base32(place.subject.id),
                                   .text = place.name,
                                   .chosen = place.subject.id == form.structure.value});
    return view;
}

struct Formed {
    std::vector<identity::Found> near;
    std::optional<identity::GroupCard> card;
};

Task<Result<Formed>> find_form(Portal& portal, http::Request& request, GroupId group) {
    co_return co_await portal.db.read([viewer = sharing::viewer(request), group](db::Tx& tx) -> Result<Formed> {
        if (viewer.guest) return forbidden("identity.guest_may_not");
        Formed formed{.near = identity::places_around(tx, viewer)};
        if (!group) return formed;
        formed.card = identity::group_card(tx, group);
        const auto role = identity::role_in(tx, group, viewer.person);
        if (!formed.card || role == identity::GroupRole::None) return not_found("identity.group");
        if (role < identity::GroupRole::Owner) return forbidden("identity.group_role");
        return formed;
    });
}

http::Response show(Portal& portal, const http::Request& request, const Formed& formed, identity::GroupForm form,
                    const Error* problem) {
    const auto& locale = sharing::words_of(request);
    auto view = form_view(locale, form, formed.near);
    if (formed.card) {
        view.id = to_text(formed.card->id);
        view.is_class = formed.card->kind == "class";
        view.action = group_address(formed.card->id) + "/settings";
        view.back = class_or_group_address(*formed.card);
    } else {
        view.action = "/groups/new";
        view.back = "/groups";
    }
    if (problem)
        (problem->field == "name"          ? view.name_problem
         : problem->field == "description" ? view.description_problem
                                           : view.problem) = locale.message(*problem);
    auto shell = sharing::shell(request, locale.text(formed.card ? "group.settings" : "group.found"));
    return portal.pages.page(shell, form_page, view, problem ? http::status_of(*problem) : 200);
}

// None where a new one is meant; an address that names nothing is no new group.
Result<GroupId> group_meant(const http::Request& request) {
    if (request.parameter("group").empty()) return GroupId{};
    const auto group = group_of(request);
    if (!group || !*group) return not_found("identity.group");
    return *group;
}

Task<http::Response> show_form(Portal& portal, http::Request& request) {
    const auto group = group_meant(request);
    if (!group) co_return portal.gate.refusal(request, group.error());
    auto formed = co_await find_form(portal, request, *group);
    if (!formed) co_return portal.gate.refusal(request, formed.error());
    identity::GroupForm form{.joining = identity::Joining::Moderated};
    if (formed->card)
        form = {.name = formed->card->name,
                .description = formed->card->description,
                .joining = formed->card->joining,
                .structure = formed->card->structure};
    else if (formed->near.size() > 0)
        form.structure = StructureId{formed->near.front().subject.id};
    co_return show(portal, request, *formed, std::move(form), nullptr);
}

Task<http::Response> save_form(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    const auto meant = group_meant(request);
    if (!fields || !meant) co_return portal.gate.refusal(request, fields ? meant.error() : fields.error());
    const auto group = *meant;
    const identity::GroupForm form{
        .name = std::string{fields->value("name")},
        .description = std::string{fields->value("description")},
        .joining = identity::joining_named(fields->value("joining")).value_or(identity::Joining::ByInvitation),
        .structure = parse_id<StructureId>(fields->value("structure")).value_or(StructureId{})};
    const auto viewer = sharing::viewer(request);
    auto saved = co_await portal.db.write(
        group ? db::lane_of(group) : db::lane_of(viewer.person),
        [&portal, viewer, group, form, now = portal.world.clock.now()](db::Tx& tx) -> Result<GroupId> {
            if (group) {
                TRY(identity::change_group(tx, viewer, group, form));
                record_group_event(tx, portal, viewer, "group.changed", group);
                return group;
            }
            const auto id = TRY(identity::found_group(tx, portal.world.ids, viewer, form, now));
            record_group_event(tx, portal, viewer, "group.founded", id);
            return id;
        });
    if (saved) {
        portal.identity.forget(viewer.person);
        const MadeJson made{.id = *saved, .url = group_address(*saved)};
        co_return sharing::done(request, made.url + (group ? "?done=changed" : "?done=founded"),
                                group ? std::string{} : json::text_of(made));
    }
    if (request.wants_json() || saved.error().kind != Error::Kind::Invalid)
        co_return portal.gate.refusal(request, saved.error());
    auto formed = co_await find_form(portal, request, group);
    if (!formed) co_return portal.gate.refusal(request, formed.error());
    co_return show(portal, request, *formed, form, &saved.error());
}

} // namespace

void preload_group_lists(web::Pages& pages) {
    pages.preload<GroupsView>(groups_page);
    pages.preload<GroupFormView>(form_page);
}

void group_list_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 32 * 1024, .rate = http::Rate::Write};
    for (std::string root : {"", "/api"})
        routes.get(root + "/groups", reading,
                   [&portal](http::Request& request) { return show_groups(portal, request); });
    routes.get("/groups/new", reading, [&portal](http::Request& request) { return show_form(portal, request); });
    routes.get("/groups/{group}/settings", reading,
               [&portal](http::Request& request) { return show_form(portal, request); });
    for (std::string pattern :
         {"/groups/new", "/api/groups", "/groups/{group}/settings", "/api/groups/{group}/settings"})
        routes.post(pattern, writing, [&portal](http::Request& request) { return save_form(portal, request); });
}

} // namespace preau::portal
