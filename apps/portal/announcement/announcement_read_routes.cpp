// /announcements: what concerns me; /announcements/ID: one of them, and for its author who has acknowledged it.
#include "portal/announcement/announcement.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "sharing/answers.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view list_page = "portal/announcement/announcements_page.html";
constexpr std::string_view one_page = "portal/announcement/announcement_page.html";
constexpr int per_page = 30;
constexpr int structures_per_page = 50;

struct ListRow {
    std::string id, title, detail, excerpt, lang, state, chip;
};
PREAU_DESCRIBE(ListRow, id, title, detail, excerpt, lang, state, chip)

struct ListView {
    std::vector<ListRow> rows;
    bool some = false, mine = false, may_write = false;
    std::string next, done;
};
PREAU_DESCRIBE(ListView, rows, some, mine, may_write, next, done)

struct SchoolRow {
    std::string name, href, numbers, state, chip;
    std::int64_t people = 0, acknowledged = 0;
};
PREAU_DESCRIBE(SchoolRow, name, href, numbers, state, chip, people, acknowledged)

struct PageView {
    std::string id, title, by, when, lang, until, done, problem, size, acknowledged_words, reminded, next, ack_done,
        recall_warning;
    web::Html body;
    bool recalled = false, mine = false, may_ack = false, wants_ack = false, may_recall = false, may_remind = false,
         has_schools = false, over = false, to_come = false, has_body = false;
    std::int64_t people = 0, acknowledged = 0;
    std::vector<SchoolRow> schools;
};
PREAU_DESCRIBE(PageView, id, title, by, when, lang, until, done, problem, size, acknowledged_words, reminded, next,
               ack_done, recall_warning, body, recalled, mine, may_ack, wants_ack, may_recall, may_remind, has_schools,
               over, to_come, has_body, people, acknowledged, schools)

struct AnnouncementJson {
    AnnouncementId id;
    std::string title, excerpt, by;
    Millis from = 0, until = 0;
    bool seen = false, acknowledged = false, wants_ack = false, recalled = false;
};
PREAU_DESCRIBE(AnnouncementJson, id, title, excerpt, by, from, until, seen, acknowledged, wants_ack, recalled)
struct AnnouncementsJson {
    std::vector<AnnouncementJson> announcements;
    std::string next;
};
PREAU_DESCRIBE(AnnouncementsJson, announcements, next)

struct OneJson {
    AnnouncementJson announcement;
    std::string body; // Markdown; empty where it was withdrawn
    std::int64_t people = 0, acknowledged = 0; // of its author: whom it reaches, who has answered
    std::vector<ReceiptRow> structures;
    std::string next; // query of the next structures
};
PREAU_DESCRIBE(OneJson, announcement, body, people, acknowledged, structures, next)

std::string_view lang_of(const Announcement& announcement, web::Language language) {
    return says_english(announcement, language) ? "en" : "fr";
}

std::string by_words(const AnnouncementLine& line) {
    return line.structure.empty() ? line.author : line.structure + " · " + line.author;
}

void write_state(const web::Locale& locale, const AnnouncementLine& line, Millis now, ListRow& row) {
    const auto& one = line.announcement;
    auto say = [&](std::string_view key, std::string chip) {
        row.state = locale.text(key);
        row.chip = std::move(chip);
    };
    if (one.recalled_at) return say("announcement.state_recalled", "");
    if (one.until_at <= now) return say("announcement.state_over", "");
    if (one.from_at > now) return say("announcement.state_to_come", "info");
    if (one.wants_ack && line.acknowledged) return say("announcement.state_acknowledged", "good");
    if (one.wants_ack) return say("announcement.state_wants_ack", "warn");
    if (!line.seen) say("announcement.state_new", "info");
}

ListRow row_of(const web::Locale& locale, web::Language language, const Viewer& viewer, const AnnouncementLine& line,
               Millis now) {
    const auto& one = line.announcement;
    ListRow row{.id = to_text(one.id),
                .title = title_of(one, language),
                .detail = by_words(line) + " · " + locale.ago(one.from_at, now, viewer.zone),
                .excerpt = one.recalled_at ? std::string{} : excerpt_of(one, language),
                .lang = std::string{lang_of(one, language)}};
    write_state(locale, line, now, row);
    return row;
}

AnnouncementJson json_of(const AnnouncementLine& line, web::Language language) {
    const auto& one = line.announcement;
    return {.id = one.id,
            .title = title_of(one, language),
            .excerpt = excerpt_of(one, language),
            .by = by_words(line),
            .from = one.from_at,
            .until = one.until_at,
            .seen = line.seen,
            .acknowledged = line.acknowledged,
            .wants_ack = one.wants_ack,
            .recalled = one.recalled_at.has_value()};
}

struct Listed {
    std::vector<AnnouncementLine> lines;
    bool may_write = false;
};

Task<http::Response> show_list(Portal& portal, http::Request& request) {
    const auto now = portal.world.clock.now();
    const bool mine = request.query("show") == "mine";
    const auto before = parse_id<AnnouncementId>(request.query("before")).value_or(AnnouncementId{});
    auto found = co_await portal.db.read([viewer = sharing::viewer(request), mine, before, now](db::Tx& tx) {
        return Listed{.lines = mine ? announcements_by(tx, viewer, before, per_page + 1)
                                    : announcements_for(tx, viewer, before, per_page + 1, now),
                      .may_write = may_announce(tx, viewer, now)};
    });
    const bool more = std::ssize(found.lines) > per_page;
    if (more) found.lines.resize(per_page);
    const auto next = more ? "before=" + to_text(found.lines.back().announcement.id) : std::string{};
    const auto language = sharing::language(request);
    if (request.wants_json()) {
        AnnouncementsJson json{.next = next};
        for (const auto& line : found.lines) json.announcements.push_back(json_of(line, language));
        co_return http::json_response(json::text_of(json));
    }
    const auto& locale = sharing::words_of(request);
    ListView view{.some = !found.lines.empty(), .mine = mine, .may_write = found.may_write};
    for (const auto& line : found.lines)
        view.rows.push_back(row_of(locale, language, sharing::viewer(request), line, now));
    if (more) view.next = std::string{"/announcements?"} + (mine ? "show=mine&" : "") + next;
    if (request.query("done") == "dismissed") view.done = locale.text("announcement.done_dismissed");
    co_return portal.pages.page(sharing::shell(request, locale.text("announcement.announcements")), list_page, view);
}

// ---- One.

AnnouncementId id_of(const http::Request& request) {
    return parse_id<AnnouncementId>(request.parameter("announcement")).value_or(AnnouncementId{});
}
std::string address_of(AnnouncementId id) { return "/announcements/" + to_text(id); }

struct Shown {
    Opened opened;
    std::vector<ReceiptRow> schools;
    std::int64_t acknowledged = 0;
};

Result<Shown> find_shown(db::Tx& tx, const Viewer& viewer, AnnouncementId id, const ReceiptKey& after, Millis now) {
    Shown shown{.opened = TRY(open_announcement(tx, viewer, id, now))};
    if (!shown.opened.mine || !shown.opened.line.announcement.wants_ack) return shown;
    shown.schools = receipts(tx, id, after, structures_per_page + 1);
    shown.acknowledged = acknowledged_in_all(tx, id);
    return shown;
}

// Cuts the list to a page; answers the query of the next.
std::string cut_schools(Shown& shown) {
    if (std::ssize(shown.schools) <= structures_per_page) return {};
    shown.schools.resize(structures_per_page);
    return "name=" + percent_encode(shown.schools.back().name) + "&structure=" + to_text(shown.schools.back().id);
}

void write_receipts(const web::Locale& locale, Shown& shown, PageView& view) {
    const auto next = cut_schools(shown);
    for (const auto& row : shown.schools) {
        const bool all = row.acknowledged >= row.people;
        view.schools.push_back({.name = row.name,
                                .href = "/announcements/" + view.id + "/receipts?structure=" + to_text(row.id),
                                .numbers = locale.text("announcement.of", {{"n", locale.number(row.acknowledged)},
                                                                           {"all", locale.number(row.people)}}),
                                .state = locale.text(all                    ? "announcement.school_done"
                                                     : row.acknowledged > 0 ? "announcement.school_partly"
                                                                            : "announcement.school_none"),
                                .chip = all                    ? "good"
                                        : row.acknowledged > 0 ? "warn"
                                                               : "",
                                .people = std::max<std::int64_t>(row.people, 1),
                                .acknowledged = std::min(row.acknowledged, row.people)});
    }
    view.has_schools = !view.schools.empty();
    if (!next.empty()) view.next = "/announcements/" + view.id + "?" + next + "#receipts";
}

PageView view_of(const http::Request& request, Shown& shown, Millis now) {
    const auto& locale = sharing::words_of(request);
    const auto& viewer = sharing::viewer(request);
    const auto language = sharing::language(request);
    const auto& line = shown.opened.line;
    const auto& one = line.announcement;
    PageView view{.id = to_text(one.id),
                  .title = title_of(one, language),
                  .by = by_words(line),
                  .when = locale.date_time(one.from_at, viewer.zone),
                  .lang = std::string{lang_of(one, language)},
                  .until = locale.text("announcement.until", {{"day", locale.date(one.until_at - 1, viewer.zone)}}),
                  .recalled = one.recalled_at.has_value(),
                  .mine = shown.opened.mine,
                  .wants_ack = one.wants_ack,
                  .over = one.until_at <= now,
                  .to_come = one.from_at > now,
                  .people = std::max<std::int64_t>(one.people, 1),
                  .acknowledged = std::min(shown.acknowledged, std::max<std::int64_t>(one.people, 1))};
    view.has_body = !view.recalled || view.mine;
    if (view.has_body) view.body = html_of(body_of(one, language));
    view.may_ack = !view.recalled && one.wants_ack && shown.opened.concerns && !line.acknowledged;
    if (one.wants_ack && line.acknowledged) view.ack_done = locale.text("announcement.state_acknowledged");
    view.may_recall = shown.opened.may_recall;
    view.size = one.people > 0 ? locale.plural("announcement.people", one.people) : std::string{};
    if (view.may_recall)
        view.recall_warning =
            locale.text(one.people > 0 ? "announcement.recall_warning_people" : "announcement.recall_warning",
                        {{"people", view.size}});
    if (!view.mine || !one.wants_ack) return view;
    view.acknowledged_words = one.people > 0 ? locale.text("announcement.of_people",
                                                           {{"n", locale.number(shown.acknowledged)},
                                                            {"all", locale.plural("announcement.people", one.people)}})
                                             : locale.plural("announcement.acknowledged", shown.acknowledged);
    view.may_remind = !view.recalled && !view.over && one.people > 0 && one.people <= most_reminded &&
                      (!one.reminded_at || now - *one.reminded_at >= 1_days);
    if (one.reminded_at)
        view.reminded =
            locale.text("announcement.reminded", {{"when", locale.ago(*one.reminded_at, now, viewer.zone)}});
    write_receipts(locale, shown, view);
    return view;
}

http::Response json_of_one(Shown& shown, web::Language language) {
    const auto& one = shown.opened.line.announcement;
    OneJson json{.announcement = json_of(shown.opened.line, language)};
    if (!one.recalled_at || shown.opened.mine) json.body = body_of(one, language);
    if (shown.opened.may_recall || shown.opened.mine) json.people = one.people;
    json.acknowledged = shown.acknowledged;
    json.next = cut_schools(shown);
    json.structures = std::move(shown.schools);
    return http::json_response(json::text_of(json));
}

Task<http::Response> show_one(Portal& portal, http::Request& request) {
    const auto now = portal.world.clock.now();
    const auto id = id_of(request);
    const auto viewer = sharing::viewer(request);
    const ReceiptKey after{std::string{request.query("name")},
                           parse_id<StructureId>(request.query("structure")).value_or(StructureId{})};
    auto shown = co_await portal.db.read(
        [viewer, id, after, now](db::Tx& tx) { return find_shown(tx, viewer, id, after, now); });
    if (!shown) co_return portal.gate.refusal(request, shown.error());
    // Reading is no act of a person that somebody else could bring about to any end: it may stand behind a GET, as the
    // time of a session's last request does.
    if (shown->opened.concerns && !shown->opened.line.seen)
        co_await portal.db.write(db::lane_of(viewer.person),
                                 [person = viewer.person, id, now](db::Tx& tx) { mark_seen(tx, person, id, now); });
    if (request.wants_json()) co_return json_of_one(*shown, sharing::language(request));
    auto view = view_of(request, *shown, now);
    const auto& locale = sharing::words_of(request);
    const auto key = "announcement.done_" + std::string{request.query("done")};
    if (request.has_query("done") && locale.has(key)) view.done = locale.text(key);
    co_return portal.pages.page(sharing::shell(request, view.title), one_page, view);
}

// ---- Deeds.

Task<http::Response> post_acknowledge(Portal& portal, http::Request& request) {
    const auto id = id_of(request);
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto viewer = sharing::viewer(request);
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person), [&portal, viewer, id](db::Tx& tx) { return acknowledge(tx, portal, viewer, id); });
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return sharing::done(request, fields->value("back") == "home" ? "/" : address_of(id) + "?done=acknowledged");
}

// Puts aside without opening: the same mark as having read it.
Task<http::Response> post_dismiss(Portal& portal, http::Request& request) {
    const auto id = id_of(request);
    const auto viewer = sharing::viewer(request);
    const auto now = portal.world.clock.now();
    auto done = co_await portal.db.write(db::lane_of(viewer.person), [viewer, id, now](db::Tx& tx) -> Result<void> {
        TRY(open_announcement(tx, viewer, id, now));
        mark_seen(tx, viewer.person, id, now);
        return {};
    });
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return sharing::done(request, "/");
}

// What its author does with it.
Task<http::Response> post_deed(Portal& portal, http::Request& request,
                               Result<void> (*deed)(db::Tx&, Portal&, const Viewer&, AnnouncementId),
                               std::string_view name) {
    const auto id = id_of(request);
    auto work = [&portal, viewer = sharing::viewer(request), id, deed](db::Tx& tx) {
        return deed(tx, portal, viewer, id);
    };
    auto done = co_await portal.db.write(db::lane_of(id), std::move(work));
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return sharing::done(request, address_of(id) + "?done=" + std::string{name});
}

} // namespace

void preload_announcement_pages(web::Pages& pages) {
    pages.preload<ListView>(list_page);
    pages.preload<PageView>(one_page);
}

void announcement_read_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 1024, .rate = http::Rate::Write};
    for (std::string root : {"", "/api"}) {
        routes.get(root + "/announcements", reading,
                   [&portal](http::Request& request) { return show_list(portal, request); });
        const auto one = root + "/announcements/{announcement}";
        routes.get(one, reading, [&portal](http::Request& request) { return show_one(portal, request); });
        routes.post(one + "/acknowledge", writing,
                    [&portal](http::Request& request) { return post_acknowledge(portal, request); });
        routes.post(one + "/dismiss", writing,
                    [&portal](http::Request& request) { return post_dismiss(portal, request); });
        routes.post(one + "/recall", writing,
                    [&portal](http::Request& request) { return post_deed(portal, request, recall, "recalled"); });
        routes.post(one + "/remind", writing,
                    [&portal](http::Request& request) { return post_deed(portal, request, remind, "reminded"); });
    }
}

} // namespace preau::portal
