// /reports: what was reported about the pages of the structures that one leads: look, take, end the share, close.
#include "report_queue_routes.hpp"

#include "base/json.hpp"
#include "identity/people.hpp"
#include "link_store.hpp"
#include "report.hpp"
#include "sharing/answers.hpp"
#include "tree_store.hpp"
#include "waiting_counts.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view queue_page = "sharing/pages/reports_page.html";
constexpr std::string_view case_page = "sharing/pages/report_case_page.html";
constexpr int per_page = 50;
constexpr int reports_shown = 50;

struct CaseRow {
    std::string id;
    std::string title;
    std::string icon;
    std::string hue;
    std::string detail; // "3 signalements · le dernier il y a 2 h"
    std::string state;  // in words
    bool open = false;
    bool taken = false;
};
PREAU_DESCRIBE(CaseRow, id, title, icon, hue, detail, state, open, taken)

struct QueueView {
    std::vector<CaseRow> rows;
    bool any = false;
    bool closed = false;
    std::string done;
    std::string next;
};
PREAU_DESCRIBE(QueueView, rows, any, closed, done, next)

struct WayRow { // on which somebody without a right of their own sees the item
    std::string name;
    std::string link; // empty: the public share
    bool of_class = false;
};
PREAU_DESCRIBE(WayRow, name, link, of_class)

struct SaidRow {
    std::string choice;
    std::string words;
    std::string mail;
    std::string when;
    std::string seen_as;
};
PREAU_DESCRIBE(SaidRow, choice, words, mail, when, seen_as)

struct CaseView {
    CaseRow about;
    std::string card; // "4,2 Mo"
    std::string structure;
    bool gone = false; // purged since
    bool is_class = false;
    bool trashed = false;
    bool closed = false;
    bool may_look = false;
    std::string taken_by;
    std::string note;
    std::string done;
    std::vector<WayRow> ways;
    std::vector<SaidRow> said;
};
PREAU_DESCRIBE(CaseView, about, card, structure, gone, is_class, trashed, closed, may_look, taken_by, note, done, ways,
               said)

CaseRow row_of(const Sharing& sharing, const web::Locale& locale, const Viewer& viewer, const ReportCase& found,
               const Item* item) {
    const auto now = sharing.world.clock.now();
    const auto& kind = sharing.kinds.of(item ? item->kind : "");
    return {.id = to_base32(found.about),
            .title = found.title,
            .icon = found.about_kind == "class" ? "school"
                    : item                      ? std::string{kind.icon_of(item->title)}
                                                : "trash",
            .hue = item ? kind.app : "meet",
            .detail = locale.plural("report.count", found.reports) + " · " +
                      locale.text("report.last", {{"when", locale.ago(found.last_at, now, viewer.zone)}}),
            .state = locale.text("report.state_" + found.state),
            .open = found.state == "open",
            .taken = found.state == "taken"};
}

struct Queue {
    std::vector<ReportCase> cases;
    std::map<ItemId, Item> items;
};

Task<Queue> find_queue(Sharing& sharing, http::Request& request, bool closed) {
    const auto before = from_base32(request.query("before")).value_or(0);
    co_return co_await sharing.db.read([who = viewer(request), closed, before](db::Tx& tx) {
        Queue queue{.cases = report_cases(tx, who, closed, before, per_page + 1)};
        std::vector<std::int64_t> ids;
        for (const auto& found : queue.cases) ids.push_back(found.about);
        if (!ids.empty())
            for (auto& item : store::items_of(tx, ids)) queue.items.emplace(item.id, std::move(item));
        return queue;
    });
}

struct CasesJson {
    std::vector<ReportCase> cases;
};
PREAU_DESCRIBE(CasesJson, cases)

Task<http::Response> show_queue(Sharing& sharing, http::Request& request) {
    const bool closed = request.query("state") == "closed";
    auto queue = co_await find_queue(sharing, request, closed);
    const bool more = queue.cases.size() > per_page;
    if (more) queue.cases.resize(per_page);
    if (request.wants_json()) co_return http::json_response(json::text_of(CasesJson{.cases = std::move(queue.cases)}));
    const auto& locale = words_of(request);
    QueueView view{.any = !queue.cases.empty(), .closed = closed};
    for (const auto& found : queue.cases) {
        auto item = queue.items.find(ItemId{found.about});
        view.rows.push_back(
            row_of(sharing, locale, viewer(request), found, item == queue.items.end() ? nullptr : &item->second));
    }
    if (more) view.next = std::string{"/reports?"} + (closed ? "state=closed&" : "") + "before=" + view.rows.back().id;
    if (request.has_query("done")) view.done = locale.text("report.done_closed");
    co_return sharing.pages.page(shell(request, locale.text("report.queue")), queue_page, view);
}

struct Shown {
    ReportCase found;
    std::optional<Item> item;
    std::vector<ReportRow> reports;
    std::vector<Link> links; // still open, named by a report
    std::string structure, taken_by, card;
    bool is_public = false;
    bool trashed = false;
};

// A class's link is ended where the class's page is the case: for one item of the class it would be too much.
std::vector<Link> links_named(db::Tx& tx, const Shown& shown, Millis now) {
    std::vector<LinkId> ids;
    for (const auto& row : shown.reports)
        if (row.link && std::ranges::find(ids, row.link) == ids.end()) ids.push_back(row.link);
    auto links = valid_links(tx, ids, now);
    const bool of_class = shown.found.about_kind == "class";
    std::erase_if(links, [&](const Link& link) { return of_class ? static_cast<bool>(link.item) : !link.item; });
    return links;
}

std::string way_of(const web::Locale& locale, const Link& link) {
    if (!link.item && link.pupil.empty()) return locale.text("report.way_class_link");
    if (!link.item) return locale.text("report.way_pupil_link", {{"name", link.pupil}});
    if (link.label.empty()) return locale.text("report.way_link");
    return locale.text("report.way_link_named", {{"name", link.label}});
}

Result<Shown> find_shown(db::Tx& tx, const Sharing& sharing, const Viewer& viewer, const web::Locale& locale,
                         std::int64_t about) {
    Shown shown{.found = TRY(find_case(tx, viewer, about))};
    shown.reports = reports_about(tx, about, reports_shown);
    if (shown.found.about_kind == "item") shown.item = find_item(tx, ItemId{about});
    if (auto structure = identity::find_structure(tx, shown.found.structure)) shown.structure = structure->name;
    if (auto person = identity::find_person(tx, shown.found.taken_by)) shown.taken_by = person->name;
    shown.links = links_named(tx, shown, sharing.world.clock.now());
    if (!shown.item) return shown;
    auto seen = standing(tx, Viewer{}, shown.item->id, sharing.world.clock.now());
    shown.is_public = seen.can(Action::View);
    shown.trashed = seen.trashed;
    auto cards = sharing.kinds.cards(tx, {*shown.item}, locale);
    if (auto card = cards.find(shown.item->id); card != cards.end()) shown.card = card->second;
    return shown;
}

CaseView view_of(const Sharing& sharing, const web::Locale& locale, const Viewer& viewer, const Shown& shown) {
    const auto now = sharing.world.clock.now();
    CaseView view{.about = row_of(sharing, locale, viewer, shown.found, shown.item ? &*shown.item : nullptr),
                  .card = shown.card,
                  .structure = shown.structure,
                  .gone = shown.found.about_kind == "item" && !shown.item,
                  .is_class = shown.found.about_kind == "class",
                  .trashed = shown.trashed,
                  .closed = shown.found.state == "closed",
                  .taken_by = shown.found.state == "open" ? std::string{} : shown.taken_by,
                  .note = shown.found.note};
    view.may_look = shown.item && !shown.trashed && !view.closed;
    if (shown.is_public) view.ways.push_back({.name = locale.text("report.way_public")});
    for (const auto& link : shown.links)
        view.ways.push_back({.name = way_of(locale, link), .link = to_text(link.id), .of_class = !link.item});
    for (const auto& row : shown.reports)
        view.said.push_back({.choice = locale.text("report.choice_" + row.choice),
                             .words = row.words,
                             .mail = row.mail,
                             .when = locale.ago(row.at, now, viewer.zone),
                             .seen_as = locale.text("report.seen_" + row.seen_as)});
    return view;
}

std::int64_t about_of(const http::Request& request) { return from_base32(request.parameter("about")).value_or(0); }
std::string page_of(const http::Request& request) { return "/reports/" + to_base32(about_of(request)); }

struct ReportsJson {
    ReportCase about;
    std::vector<ReportRow> reports;
};
PREAU_DESCRIBE(ReportsJson, about, reports)

Task<http::Response> show_case(Sharing& sharing, http::Request& request) {
    const auto& locale = words_of(request);
    auto shown = co_await sharing.db.read([&sharing, &locale, who = viewer(request), about = about_of(request)](
                                              db::Tx& tx) { return find_shown(tx, sharing, who, locale, about); });
    if (!shown) co_return refuse(sharing, request, shown.error());
    if (request.wants_json())
        co_return http::json_response(json::text_of(ReportsJson{.about = shown->found, .reports = shown->reports}));
    auto view = view_of(sharing, locale, viewer(request), *shown);
    if (request.query("done") == "withdrawn") view.done = locale.text("report.done_withdrawn");
    co_return sharing.pages.page(shell(request, locale.text("report.case")), case_page, view);
}

Task<http::Response> take(Sharing& sharing, http::Request& request) {
    const auto about = about_of(request);
    auto taken = co_await sharing.db.write(
        {static_cast<std::uint64_t>(about)},
        [&sharing, who = viewer(request), about](db::Tx& tx) { return take_case(tx, sharing.world, who, about); });
    if (!taken) co_return refuse(sharing, request, taken.error());
    forget_waiting(request);
    co_return done(request, page_of(request));
}

Task<http::Response> close(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto about = about_of(request);
    std::string note{fields->value("note")};
    auto closed = co_await sharing.db.write({static_cast<std::uint64_t>(about)},
                                            [&sharing, who = viewer(request), about, note](db::Tx& tx) {
                                                return close_case(tx, sharing.world, who, about, note);
                                            });
    if (!closed) co_return refuse(sharing, request, closed.error());
    forget_waiting(request);
    co_return done(request, "/reports?done=closed");
}

Task<http::Response> look(Sharing& sharing, http::Request& request) {
    const auto about = about_of(request);
    auto item = co_await sharing.db.write(
        {static_cast<std::uint64_t>(about)},
        [&sharing, who = viewer(request), about](db::Tx& tx) { return look_at_case(tx, sharing.world, who, about); });
    if (!item) co_return refuse(sharing, request, item.error());
    const auto address = sharing.kinds.address(item->kind, item->id);
    co_return done(request, address, json::text_of(std::map<std::string, std::string>{{"url", address}}));
}

Task<http::Response> withdraw(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto about = about_of(request);
    const auto link = parse_id<LinkId>(fields->value("link")).value_or(LinkId{});
    auto ended = co_await sharing.db.write({static_cast<std::uint64_t>(about)},
                                           [&sharing, who = viewer(request), about, link](db::Tx& tx) {
                                               return withdraw_share(tx, sharing.world, who, about, link);
                                           });
    if (!ended) co_return refuse(sharing, request, ended.error());
    co_return done(request, page_of(request) + "?done=withdrawn");
}

} // namespace

void report_queue_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<QueueView>(queue_page);
    sharing.pages.preload<CaseView>(case_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 16 * 1024, .rate = http::Rate::Write};
    for (std::string prefix : {"", "/api/sharing"}) {
        routes.get(prefix + "/reports", reading, [&](auto& request) { return show_queue(sharing, request); });
        const auto one = prefix + "/reports/{about}";
        routes.get(one, reading, [&](auto& request) { return show_case(sharing, request); });
        routes.post(one + "/take", writing, [&](auto& request) { return take(sharing, request); });
        routes.post(one + "/close", writing, [&](auto& request) { return close(sharing, request); });
        routes.post(one + "/look", writing, [&](auto& request) { return look(sharing, request); });
        routes.post(one + "/withdraw", writing, [&](auto& request) { return withdraw(sharing, request); });
    }
}

} // namespace preau::sharing
