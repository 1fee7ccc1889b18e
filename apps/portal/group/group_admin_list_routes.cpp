// /admin/groups: those of a part of the tree, by name, structure, kind and state, a page at a time.
#include "portal/group/group_admin.hpp"

#include "base/json.hpp"
#include "portal/admin/part.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

struct OverseenLine {
    std::string href, icon, name, detail, state;
    bool led = false;
};
PREAU_DESCRIBE(OverseenLine, href, icon, name, detail, state, led)

struct GroupsView {
    AdminSide side;
    std::string typed;
    std::vector<AdminChoice> roots, kinds, states;
    bool has_roots = false, filtered = false;
    std::vector<OverseenLine> rows;
    bool some = false;
    std::string next;
};
PREAU_DESCRIBE(GroupsView, side, typed, roots, kinds, states, has_roots, filtered, rows, some, next)

struct GroupsAnswer { // of the API
    std::vector<identity::OverseenGroup> groups;
    std::optional<std::string> next; // for `after`
};
PREAU_DESCRIBE(GroupsAnswer, groups, next)

constexpr std::string_view list_page = "portal/group/group_admin_list_page.html";
constexpr int rows_per_page = 50;
using State = identity::GroupFilter::State;

struct Asked {
    identity::GroupFilter filter;
    identity::NameKey after;
    std::string structure, state;
};

Asked asked(const http::Request& request) {
    Asked asked{.structure = query_text(request, "structure"), .state = query_text(request, "state")};
    asked.filter.typed = query_text(request, "q");
    asked.filter.kind = query_text(request, "kind");
    asked.filter.structure = parse_id<StructureId>(asked.structure).value_or(StructureId{});
    asked.filter.state = asked.state == "open" ? State::Open : asked.state == "closed" ? State::Closed : State::Any;
    auto [sort, id] = page_key_of(request);
    asked.after = {std::move(sort), id};
    return asked;
}

struct Listed {
    identity::Rights rights;
    identity::OverseenPage page;
    Part part;
};

// In the role of people; of no structure, the first that one administers.
Result<Listed> list(db::Tx& tx, const Viewer& viewer, Asked asked, Millis now) {
    using enum identity::AdminRole;
    Listed listed{.rights = TRY(require_rights(tx, viewer.person, now))};
    const auto roots = listed.rights.roots(People);
    if (roots.empty()) return forbidden("admin.not_yours");
    auto& structure = asked.filter.structure;
    if (!structure) structure = roots.front();
    if (!identity::may(tx, listed.rights, People, structure)) return forbidden("admin.not_yours");
    listed.part = part_of(tx, roots, structure);
    listed.page = identity::overseen_groups(tx, asked.filter, asked.after, rows_per_page);
    return listed;
}

std::vector<AdminChoice> choices(const web::Locale& locale, std::string_view chosen,
                                 std::initializer_list<std::string_view> values, const std::string& prefix) {
    std::vector<AdminChoice> all;
    for (auto value : values)
        all.push_back({.value = std::string{value},
                       .text = locale.text(prefix + (value.empty() ? "any" : std::string{value})),
                       .chosen = value == chosen});
    return all;
}

OverseenLine line_of(const web::Locale& locale, const identity::OverseenGroup& group) {
    auto detail = group_kind_words(locale, group.kind);
    if (!group.place.empty()) detail += " · " + group.place;
    detail += " · " + locale.plural("group.members", group.members);
    return {.href = group_admin_address(group.id),
            .icon = group.kind == "class" ? "school" : "users",
            .name = group.name,
            .detail = std::move(detail),
            .state = group_state_words(locale, group),
            .led = group.led};
}

GroupsView view_of(const web::Locale& locale, const Asked& asked, const Listed& listed) {
    GroupsView view{.side = admin_side(listed.rights),
                    .typed = asked.filter.typed,
                    .kinds = choices(locale, asked.filter.kind, {"", "group", "class"}, "group_admin.kinds_"),
                    .states = choices(locale, asked.state, {"", "open", "closed"}, "group_admin.states_"),
                    .filtered = !asked.filter.typed.empty() || !asked.filter.kind.empty() || !asked.state.empty() ||
                                !asked.structure.empty(),
                    .some = !listed.page.rows.empty()};
    view.side.groups = true;
    view.roots = part_choices(locale, listed.part);
    view.has_roots = view.roots.size() > 1;
    for (const auto& group : listed.page.rows) view.rows.push_back(line_of(locale, group));
    if (listed.page.next)
        view.next = with_query("/admin/groups", {{"q", asked.filter.typed},
                                                 {"structure", asked.structure},
                                                 {"kind", asked.filter.kind},
                                                 {"state", asked.state},
                                                 {"after", page_key(listed.page.next->sort, listed.page.next->id)}});
    return view;
}

Task<http::Response> show_groups(Portal& portal, http::Request& request) {
    const auto question = asked(request);
    auto listed = co_await portal.db.read([viewer = sharing::viewer(request), question, now = portal.world.clock.now()](
                                              db::Tx& tx) { return list(tx, viewer, question, now); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    if (request.wants_json()) {
        GroupsAnswer answer{.groups = std::move(listed->page.rows)};
        if (listed->page.next) answer.next = page_key(listed->page.next->sort, listed->page.next->id);
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    co_return portal.pages.page(admin_shell(request, "group_admin.title"), list_page,
                                view_of(locale, question, *listed));
}

} // namespace

void preload_group_admin_list(web::Pages& pages) { pages.preload<GroupsView>(list_page); }

void group_admin_list_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/groups", [&portal](http::Request& request) { return show_groups(portal, request); });
}

} // namespace preau::portal
