// The list: of links or of public items, open or suspended, of everybody in a part of the tree or of one person.
#include "portal/shown/shown.hpp"

#include "base/json.hpp"
#include "portal/admin/part.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view shown_template = "portal/shown/shown_page.html";
constexpr int rows_per_page = 50;

struct ShownLine {
    std::string what; // "link-6k2…", as the acts read it
    std::string icon, name, maker, maker_id, may, until, made, used, reason, choose;
};
PREAU_DESCRIBE(ShownLine, what, icon, name, maker, maker_id, may, until, made, used, reason, choose)

struct ChosenLine {
    std::string value;
};
PREAU_DESCRIBE(ChosenLine, value)

struct ShownView {
    AdminSide side;
    std::string notice, problem;
    bool may_undo = false;
    std::string undo_act;
    std::vector<ChosenLine> undo;
    std::vector<AdminChoice> tabs, roots;
    bool has_roots = false, filtered = false;
    std::string show, login;
    bool suspended = false, links = true, endless = false, writes = false;
    std::vector<ShownLine> rows;
    bool some = false;
    std::string next, all;
};
PREAU_DESCRIBE(ShownView, side, notice, problem, may_undo, undo_act, undo, tabs, roots, has_roots, filtered, show,
               login, suspended, links, endless, writes, rows, some, next, all)

struct ShownJson { // of the API; `what` as the acts read it
    std::string what, kind, title, may; // may: "read", "write", "deposit"
    std::optional<Millis> until;
    PersonId made_by;
    std::string maker;
    Millis at = 0;
    std::int64_t uses = 0;
    std::string reason;
};
PREAU_DESCRIBE(ShownJson, what, kind, title, may, until, made_by, maker, at, uses, reason)

struct ShownAnswer {
    std::vector<ShownJson> shown;
    std::optional<std::string> next;
};
PREAU_DESCRIBE(ShownAnswer, shown, next)

struct Listed {
    identity::Rights rights;
    sharing::ShownPage page;
    Part part;
};

Result<Listed> list(db::Tx& tx, const Viewer& viewer, ShownQuestion asked, Millis now) {
    Listed listed{.rights = TRY(settle_question(tx, viewer, asked, now))};
    listed.part = part_of(tx, listed.rights.roots(identity::AdminRole::People), asked.filter.structure);
    if (!asked.nobody) listed.page = sharing::list_shown(tx, asked.filter, asked.before, rows_per_page, now);
    return listed;
}

std::string what_of(const sharing::Shown& row) {
    return row.link ? "link-" + to_text(row.link) : "item-" + to_text(row.item);
}

std::string_view may_of(const sharing::Shown& row) {
    if (row.role == Role::Deposit) return "deposit";
    return row.role == Role::View && !row.deposit ? "read" : "write";
}

ShownJson json_of(const sharing::Shown& row) {
    return {.what = what_of(row),
            .kind = row.kind,
            .title = row.title,
            .may = std::string{may_of(row)},
            .until = row.until,
            .made_by = row.made_by,
            .maker = row.maker,
            .at = row.at,
            .uses = row.uses,
            .reason = row.reason};
}

ShownLine line_of(const Portal& portal, const web::Locale& locale, const sharing::Shown& row, std::string_view zone) {
    const auto& kind = portal.kinds.of(row.kind);
    ShownLine line{.what = what_of(row),
                   .icon = std::string{kind.icon_of(row.title)},
                   .maker = row.maker,
                   .maker_id = to_text(row.made_by),
                   .made = locale.date(row.at, zone),
                   .reason = row.reason};
    line.may = locale.text("shown.may_" + std::string{may_of(row)});
    line.until = row.until ? locale.text("admin.until_day", {{"day", locale.date(*row.until - 1, zone)}})
                           : locale.text("shown.endless_short");
    if (row.link) {
        line.name = locale.text("shown.link_named", {{"id", to_text(row.link)}});
        line.used = row.uses == 0 ? locale.text("shown.unused") : locale.plural("shown.used", row.uses);
    } else {
        line.name = row.title;
    }
    line.choose = locale.text("shown.choose", {{"name", line.name}, {"maker", row.maker}});
    return line;
}

ShownView view_of(const Portal& portal, const web::Locale& locale, const Viewer& viewer, const ShownQuestion& asked,
                  const Listed& listed) {
    ShownView view{.side = admin_side(listed.rights),
                   .filtered =
                       !asked.login.empty() || asked.filter.endless || asked.filter.writes || !asked.structure.empty(),
                   .show = asked.show,
                   .login = asked.login,
                   .suspended = asked.filter.suspended,
                   .links = asked.filter.what == ShownFilter::What::Links,
                   .endless = asked.filter.endless,
                   .writes = asked.filter.writes,
                   .some = !listed.page.rows.empty()};
    view.side.shown = true;
    for (std::string_view show : {"links", "public", "suspended-links", "suspended-public"}) {
        auto key = "shown.tab_" + std::string{show};
        std::ranges::replace(key, '-', '_');
        view.tabs.push_back(
            {.value = with_query("/admin/shown",
                                 {{"show", std::string{show}}, {"structure", asked.structure}, {"login", asked.login}}),
             .text = locale.text(key),
             .chosen = show == asked.show});
    }
    view.roots = part_choices(locale, listed.part);
    view.has_roots = view.roots.size() > 1;
    for (const auto& row : listed.page.rows) view.rows.push_back(line_of(portal, locale, row, viewer.zone));
    if (listed.page.next) view.next = shown_address("/admin/shown", asked, *listed.page.next);
    // One page is ticked as a whole by its first box.
    if (listed.page.next || asked.before != sharing::first_shown) view.all = shown_address("/admin/shown/all", asked);
    return view;
}

} // namespace

Task<http::Response> shown_page(Portal& portal, http::Request& request, std::string notice,
                                std::optional<Error> problem, const Chosen& undo) {
    const auto question = shown_question(request);
    const auto viewer = sharing::viewer(request);
    auto listed = co_await portal.db.read(
        [viewer, question, now = portal.world.clock.now()](db::Tx& tx) { return list(tx, viewer, question, now); });
    if (!listed) co_return portal.gate.refusal(request, problem ? *problem : listed.error());
    if (request.wants_json()) {
        ShownAnswer answer;
        for (const auto& row : listed->page.rows) answer.shown.push_back(json_of(row));
        if (listed->page.next) answer.next = to_text(LinkId{*listed->page.next});
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(portal, locale, viewer, question, *listed);
    view.notice = std::move(notice);
    if (problem) view.problem = locale.message(*problem);
    view.may_undo = !undo.empty();
    view.undo_act = question.filter.suspended ? "suspend" : "resume";
    for (auto link : undo.links) view.undo.push_back({"link-" + to_text(link)});
    for (auto item : undo.items) view.undo.push_back({"item-" + to_text(item)});
    auto shell = admin_shell(request, "shown.title");
    shell.component = "sharing/choose-many";
    co_return portal.pages.page(shell, shown_template, view, problem ? http::status_of(*problem) : 200);
}

void preload_shown_mail(web::Pages& pages);

void preload_shown(web::Pages& pages) {
    pages.preload<ShownView>(shown_template);
    preload_shown_mail(pages);
}

namespace {
Task<http::Response> show(Portal& portal, http::Request& request) {
    co_return co_await shown_page(portal, request, {}, std::nullopt, {});
}
} // namespace

void shown_list_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/shown", [&portal](http::Request& request) { return show(portal, request); });
}

} // namespace preau::portal
