// /admin/structures: the tree by levels from what one administers downwards, and a search in it.
#include "portal/structures/structures.hpp"

#include "base/json.hpp"
#include "portal/calendar/calendar.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

struct StructureLine {
    std::string id, name, kind, uai;
    bool closed = false, below = false;
};
PREAU_DESCRIBE(StructureLine, id, name, kind, uai, closed, below)

struct TreeView {
    AdminSide side;
    std::string typed;
    std::string under, under_name; // the level shown; empty: the top of what one administers
    std::vector<Crumb> crumbs;
    std::vector<StructureLine> rows;
    bool some = false;
    bool may_create = false;
    std::string next;
};
PREAU_DESCRIBE(TreeView, side, typed, under, under_name, crumbs, rows, some, may_create, next)

struct TreeAnswer {
    std::vector<identity::StructureRow> structures;
    std::optional<std::string> next;
};
PREAU_DESCRIBE(TreeAnswer, structures, next)

constexpr std::string_view tree_template = "portal/structures/structure_tree_page.html";
constexpr int rows_per_page = 50;

struct Asked {
    std::string typed;
    StructureId under;
    identity::StructureKey after;
};

struct Listed {
    identity::Rights rights;
    std::vector<identity::StructureRow> rows;
    std::optional<identity::StructureKey> next;
    std::vector<identity::Structure> above; // root first, the level itself last
    bool may_create = false;
};

void cut(Listed& listed) {
    if (std::ssize(listed.rows) <= rows_per_page) return;
    listed.rows.resize(rows_per_page);
    listed.next = identity::StructureKey{listed.rows.back().sort, listed.rows.back().id};
}

Result<Listed> list(db::Tx& tx, const Viewer& viewer, const Asked& asked, Millis now) {
    using enum identity::AdminRole;
    Listed listed{.rights = TRY(require_rights(tx, viewer.person, now))};
    const auto roots = roots_of(listed.rights);
    const bool everywhere = std::ranges::find(roots, StructureId{}) != roots.end();
    if (asked.under && !oversees(tx, listed.rights, asked.under)) return forbidden("admin.not_yours");
    listed.may_create = identity::may(tx, listed.rights, Structures, asked.under);
    if (!asked.typed.empty()) {
        auto found = identity::search_structures(tx, asked.typed, roots, asked.after, rows_per_page);
        listed.rows = std::move(found.rows);
        listed.next = std::move(found.next);
        return listed;
    }
    if (!asked.under && !everywhere) { // of a delegate: the tops of what they have
        listed.rows = identity::structures_named(tx, roots);
        return listed;
    }
    listed.above = asked.under ? identity::structures_above(tx, asked.under) : std::vector<identity::Structure>{};
    listed.rows = identity::structures_below(tx, asked.under, asked.after, rows_per_page + 1, identity::Closed::Shown);
    cut(listed);
    return listed;
}

Task<http::Response> show_tree(Portal& portal, http::Request& request) {
    auto [sort, id] = page_key_of(request);
    const Asked asked{.typed = query_text(request, "q"),
                      .under = parse_id<StructureId>(request.query("under")).value_or(StructureId{}),
                      .after = {sort, StructureId{id}}};
    auto listed = co_await portal.db.read([viewer = sharing::viewer(request), asked, now = portal.world.clock.now()](
                                              db::Tx& tx) { return list(tx, viewer, asked, now); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    std::string next;
    if (listed->next) next = page_key(listed->next->sort, listed->next->id.value);
    if (request.wants_json()) {
        TreeAnswer answer{.structures = std::move(listed->rows)};
        if (!next.empty()) answer.next = next;
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    TreeView view{.side = admin_side(listed->rights),
                  .typed = asked.typed,
                  .under = asked.under ? to_text(asked.under) : std::string{},
                  .crumbs = crumbs_to(listed->above, "/admin/structures?under="),
                  .some = !listed->rows.empty(),
                  .may_create = listed->may_create};
    view.side.structures = true;
    if (!listed->above.empty()) view.under_name = listed->above.back().name;
    for (const auto& row : listed->rows)
        view.rows.push_back({.id = to_text(row.id),
                             .name = row.name,
                             .kind = structure_kind_words(locale, row.kind),
                             .uai = row.uai,
                             .closed = row.closed,
                             .below = row.has_below});
    if (!next.empty())
        view.next = with_query("/admin/structures", {{"q", asked.typed}, {"under", view.under}, {"after", next}});
    co_return portal.pages.page(admin_shell(request, "admin.structures"), tree_template, view);
}

} // namespace

std::vector<Crumb> crumbs_to(const std::vector<identity::Structure>& above, std::string_view prefix) {
    std::vector<Crumb> crumbs;
    for (const auto& structure : above)
        if (structure.id != above.back().id)
            crumbs.push_back({.href = std::string{prefix} + to_text(structure.id), .name = structure.name});
    return crumbs;
}

void preload_structure_tree(web::Pages& pages) { pages.preload<TreeView>(tree_template); }

void structure_tree_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/structures", [&portal](http::Request& request) { return show_tree(portal, request); });
}

void preload_structures(web::Pages& pages) {
    preload_structure_tree(pages);
    preload_structure_admin(pages);
    preload_structure(pages);
    preload_calendar(pages);
}

void structures_routes(http::Router& routes, Portal& portal) {
    structure_tree_routes(routes, portal);
    structure_admin_routes(routes, portal);
    structure_act_routes(routes, portal);
    structure_routes(routes, portal);
    calendar_routes(routes, portal);
    calendar_edit_routes(routes, portal);
}

} // namespace preau::portal
