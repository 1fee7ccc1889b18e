// /approvals: the queue of who leads a structure, made for a phone: what it is, who asks, look, publish, refuse.
#include "base/json.hpp"
#include "identity/leading.hpp"
#include "identity/people.hpp"
#include "publishing_routes.hpp"
#include "sharing/answers.hpp"
#include "sharing/publishing.hpp"
#include "tree_store.hpp"
#include "waiting_counts.hpp"

#include <map>

namespace preau::sharing {
namespace {

constexpr std::string_view approvals_page = "sharing/pages/approvals_page.html";
constexpr int per_page = 50;

struct ApprovalRow {
    PublicationId id;
    std::string title;
    std::string icon;
    std::string hue;
    std::string kind;      // "Dossier", in the reader's words
    std::string card;      // "12 éléments"
    std::string asker;
    std::string structure;
    std::string when;
    std::string until;     // empty: for good
    std::int64_t revision = 0;
    bool trashed = false;
    bool opened = false;   // the refusal is being written, and something was wrong with it
    std::string problem;
};
PREAU_DESCRIBE(ApprovalRow, id, title, icon, hue, kind, card, asker, structure, when, until, revision, trashed, opened,
               problem)

struct PolicyLink {
    StructureId structure;
    std::string name;
};
PREAU_DESCRIBE(PolicyLink, structure, name)

struct ApprovalsView {
    std::vector<ApprovalRow> rows;
    std::vector<PolicyLink> policies; // of the structures that the reader leads
    std::string done; // "Publié : Volcans."
    std::string problem;
    std::string next;
};
PREAU_DESCRIBE(ApprovalsView, rows, policies, done, problem, next)

struct Waiting {
    std::vector<identity::Led> led;
    std::vector<Publication> requests;
    std::map<std::int64_t, Item> items;
    std::map<std::int64_t, std::string> people, structures;
    std::map<std::int64_t, bool> trashed;
    std::map<ItemId, std::string> cards; // "4,2 Mo"
};

Waiting find_waiting(db::Tx& tx, const Sharing& sharing, const web::Locale& locale, const Viewer& viewer,
                     PublicationId after) {
    const auto now = sharing.world.clock.now();
    Waiting found{.led = identity::led_by(tx, viewer.person),
                  .requests = publications_waiting_for(tx, viewer, after, per_page + 1)};
    std::vector<std::int64_t> items, people;
    std::vector<ItemId> item_ids;
    for (const auto& request : found.requests) {
        items.push_back(request.item.value);
        item_ids.push_back(request.item);
        people.push_back(request.asked_by.value);
        auto& name = found.structures[request.structure.value];
        if (!name.empty() || !request.structure) continue;
        if (auto structure = identity::find_structure(tx, request.structure)) name = structure->name;
    }
    if (items.empty()) return found;
    auto rows = store::items_of(tx, items);
    found.cards = sharing.kinds.cards(tx, rows, locale);
    for (auto& item : rows) found.items.emplace(item.id.value, std::move(item));
    for (auto& person : identity::people_of(tx, people)) found.people.emplace(person.id.value, std::move(person.name));
    auto reach = reaches(tx, Viewer{}, item_ids, now);
    for (std::size_t i = 0; i < item_ids.size(); ++i) found.trashed[item_ids[i].value] = reach[i].trashed;
    return found;
}

std::vector<ApprovalRow> rows_of(const Sharing& sharing, const web::Locale& locale, const Viewer& viewer,
                                 Waiting& found, Millis now) {
    std::vector<ApprovalRow> rows;
    for (const auto& request : found.requests) {
        auto item = found.items.find(request.item.value);
        if (item == found.items.end()) continue;
        const auto& kind = sharing.kinds.of(item->second.kind);
        rows.push_back({.id = request.id,
                        .title = item->second.title,
                        .icon = std::string{kind.icon_of(item->second.title)},
                        .hue = kind.app,
                        .kind = kind.words.empty() ? std::string{} : locale.text(kind.words),
                        .card = found.cards[request.item],
                        .asker = found.people[request.asked_by.value],
                        .structure = found.structures[request.structure.value],
                        .when = locale.ago(request.asked_at, now, viewer.zone),
                        .until = request.until ? locale.text("share.until_date",
                                                             {{"day", locale.date(*request.until, viewer.zone)}})
                                               : std::string{},
                        .revision = item->second.revision,
                        .trashed = found.trashed[request.item.value]});
    }
    return rows;
}

Task<ApprovalsView> look_up(Sharing& sharing, http::Request& request) {
    const auto now = sharing.world.clock.now();
    const auto& locale = words_of(request);
    const auto after = parse_id<PublicationId>(request.query("after")).value_or(PublicationId{});
    auto found = co_await sharing.db.read([&sharing, &locale, who = viewer(request), after](db::Tx& tx) {
        return find_waiting(tx, sharing, locale, who, after);
    });
    ApprovalsView view;
    if (found.requests.size() > per_page) {
        found.requests.resize(per_page);
        view.next = "/approvals?after=" + to_text(found.requests.back().id);
    }
    view.rows = rows_of(sharing, locale, viewer(request), found, now);
    for (auto& structure : found.led) view.policies.push_back({structure.id, std::move(structure.name)});
    co_return view;
}

http::Response render(const Sharing& sharing, const http::Request& request, const ApprovalsView& view,
                      int status = 200) {
    auto filled = shell(request, words_of(request).text("publishing.approvals"));
    return sharing.pages.page(filled, approvals_page, view, status);
}

Task<http::Response> show_approvals(Sharing& sharing, http::Request& request) {
    auto view = co_await look_up(sharing, request);
    const auto& locale = words_of(request);
    if (request.query("done") == "published") view.done = locale.text("publishing.done_published");
    if (request.query("done") == "refused") view.done = locale.text("publishing.done_refused");
    co_return render(sharing, request, view);
}

struct RequestJson {
    PublicationId id;
    ItemId item;
    std::string title, kind, asker, structure;
    Millis asked_at = 0;
    std::optional<Millis> until;
    std::int64_t revision = 0;
};
PREAU_DESCRIBE(RequestJson, id, item, title, kind, asker, structure, asked_at, until, revision)
struct RequestsJson {
    std::vector<RequestJson> requests;
};
PREAU_DESCRIBE(RequestsJson, requests)

Task<http::Response> list_approvals(Sharing& sharing, http::Request& request) {
    const auto& locale = words_of(request);
    const auto after = parse_id<PublicationId>(request.query("after")).value_or(PublicationId{});
    auto found = co_await sharing.db.read([&sharing, &locale, who = viewer(request), after](db::Tx& tx) {
        return find_waiting(tx, sharing, locale, who, after);
    });
    RequestsJson answer;
    for (const auto& waiting : found.requests) {
        auto item = found.items.find(waiting.item.value);
        if (item == found.items.end()) continue;
        answer.requests.push_back({.id = waiting.id,
                                   .item = waiting.item,
                                   .title = item->second.title,
                                   .kind = item->second.kind,
                                   .asker = found.people[waiting.asked_by.value],
                                   .structure = found.structures[waiting.structure.value],
                                   .asked_at = waiting.asked_at,
                                   .until = waiting.until,
                                   .revision = item->second.revision});
    }
    co_return http::json_response(json::text_of(answer));
}

// What went wrong, beside the request that it is about, with the rest of the queue as it is.
Task<http::Response> show_problem(Sharing& sharing, http::Request& request, const Error& error) {
    const bool here = error.kind == Error::Kind::Invalid || error.kind == Error::Kind::Conflict;
    if (request.wants_json() || !here) co_return refuse(sharing, request, error);
    auto view = co_await look_up(sharing, request);
    const auto id = id_in<PublicationId>(request, "request");
    auto row = std::ranges::find(view.rows, id, &ApprovalRow::id);
    auto message = words_of(request).message(error);
    if (row == view.rows.end()) {
        view.problem = std::move(message);
    } else {
        row->problem = std::move(message);
        row->opened = error.field == "reason";
    }
    co_return render(sharing, request, view, http::status_of(error));
}

Task<http::Response> look(Sharing& sharing, http::Request& request) {
    const auto id = id_in<PublicationId>(request, "request");
    auto item = co_await sharing.db.write(db::lane_of(id), [&sharing, who = viewer(request), id](db::Tx& tx) {
        return look_at_publication(tx, sharing.world, who, id);
    });
    if (!item) co_return co_await show_problem(sharing, request, item.error());
    const auto address = sharing.kinds.address(item->kind, item->id);
    co_return done(request, address, json::text_of(std::map<std::string, std::string>{{"url", address}}));
}

Task<http::Response> approve(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto id = id_in<PublicationId>(request, "request");
    std::int64_t revision = 0;
    const auto seen = fields->value("revision");
    std::from_chars(seen.data(), seen.data() + seen.size(), revision); // none was named: not asked
    auto settled =
        co_await sharing.db.write(db::lane_of(id), [&sharing, who = viewer(request), id, revision](db::Tx& tx) {
            return approve_publication(tx, sharing.world, who, id, revision);
        });
    if (!settled) co_return co_await show_problem(sharing, request, settled.error());
    forget_waiting(request);
    co_return done(request, "/approvals?done=published");
}

Task<http::Response> turn_down(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto id = id_in<PublicationId>(request, "request");
    std::string reason{fields->value("reason")};
    auto settled =
        co_await sharing.db.write(db::lane_of(id), [&sharing, who = viewer(request), id, reason](db::Tx& tx) {
            return refuse_publication(tx, sharing.world, who, id, reason);
        });
    if (!settled) co_return co_await show_problem(sharing, request, settled.error());
    forget_waiting(request);
    co_return done(request, "/approvals?done=refused");
}

} // namespace

void approval_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<ApprovalsView>(approvals_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 16 * 1024, .rate = http::Rate::Write};
    routes.get("/approvals", reading, [&](auto& request) { return show_approvals(sharing, request); });
    routes.get("/api/sharing/approvals", reading, [&](auto& request) { return list_approvals(sharing, request); });
    for (std::string prefix : {"", "/api/sharing"}) {
        const auto one = prefix + "/approvals/{request}/";
        routes.post(one + "look", writing, [&](auto& request) { return look(sharing, request); });
        routes.post(one + "approve", writing, [&](auto& request) { return approve(sharing, request); });
        routes.post(one + "refuse", writing, [&](auto& request) { return turn_down(sharing, request); });
    }
}

} // namespace preau::sharing
