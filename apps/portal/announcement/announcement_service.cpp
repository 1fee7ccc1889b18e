#include "portal/announcement/announcement_audience_store.hpp"
#include "portal/announcement/announcement_store.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "text/markdown.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace preau::portal {
namespace {

constexpr std::size_t excerpt_letters = 240;

struct PublishedDetail {
    std::string announcement;
    std::int64_t count = 0;
};
PREAU_DESCRIBE(PublishedDetail, announcement, count)

Result<std::string> check_title(std::string_view raw, std::string_view field, std::size_t least) {
    return check_line(raw, field, least, 150);
}

Result<std::string> check_body(std::string_view raw, std::string_view field, std::size_t least) {
    if (!valid_utf8(raw)) return invalid(std::string{field}, "text_not_utf8");
    auto text = to_nfc(trimmed(raw));
    std::erase(text, '\r');
    if (code_points(text) < least) return invalid(std::string{field}, "announcement.body");
    if (code_points(text) > most_body) return invalid(std::string{field}, "announcement.body_long");
    return text;
}

std::string excerpt(std::string_view markdown) {
    auto plain = text::html_to_text(text::markdown_to_html(markdown));
    std::ranges::replace(plain, '\n', ' ');
    std::string_view line = trimmed(plain);
    if (code_points(line) <= excerpt_letters) return std::string{line};
    auto cut = cut_to_bytes(line, excerpt_letters);
    if (const auto blank = cut.rfind(' '); blank != std::string::npos) cut.resize(blank);
    return cut + "…";
}

std::vector<std::int64_t> ids_of(const Viewer& viewer) {
    std::vector<std::int64_t> ids;
    for (const auto& subject : viewer.subjects)
        if (subject.kind != Subject::Kind::Public && subject.kind != Subject::Kind::Link) ids.push_back(subject.id);
    return ids;
}

AnnouncementLine line_of(store::ConcernRow row) {
    return {.announcement = std::move(row.announcement),
            .author = std::move(row.author),
            .structure = std::move(row.structure),
            .seen = row.marked,
            .acknowledged = row.acknowledged};
}

// Several lines of one audience may be true of one person; ids of two kinds may be equal.
std::vector<AnnouncementLine> once_each(const Viewer& viewer, std::vector<store::ConcernRow> rows, std::size_t limit) {
    std::vector<AnnouncementLine> lines;
    for (auto& row : rows) {
        if (lines.size() == limit) break;
        if (!viewer.is(row.to)) continue;
        if (!lines.empty() && lines.back().announcement.id == row.announcement.id) continue;
        lines.push_back(line_of(std::move(row)));
    }
    return lines;
}

bool concerns(db::Tx& tx, const Viewer& viewer, const Announcement& announcement, Millis now) {
    if (announcement.from_at > now) return false;
    return std::ranges::any_of(store::lines_of(tx, announcement.id), [&](Subject to) { return viewer.is(to); });
}

} // namespace

Result<NewAnnouncement> check_words(const NewAnnouncement& wanted, Millis now) {
    auto good = wanted;
    good.title_fr = TRY(check_title(wanted.title_fr, "title_fr", 3));
    good.body_fr = TRY(check_body(wanted.body_fr, "body_fr", 3));
    good.title_en = TRY(check_title(wanted.title_en, "title_en", 0));
    good.body_en = TRY(check_body(wanted.body_en, "body_en", 0));
    // Half of it in English would show an English title over a French text.
    if (good.title_en.empty() != good.body_en.empty())
        return invalid(good.title_en.empty() ? "title_en" : "body_en", "announcement.half_english");
    if (good.from < now) good.from = now;
    if (good.until <= good.from || good.until > good.from + announcement_longest)
        return invalid("until", "announcement.dates");
    return good;
}

Result<Announcement> publish(db::Tx& tx, Portal& portal, const Viewer& viewer, const NewAnnouncement& wanted) {
    const auto now = portal.world.clock.now();
    const auto good = TRY(check_words(wanted, now));
    const auto lines = TRY(audience_lines(tx, viewer, good.audience, now));
    const auto size = size_of(tx, good.audience);
    const auto roots = announcing_roots(tx, viewer, now);
    Announcement made{.id = portal.world.ids.next_as<AnnouncementId>(),
                      .author = viewer.person,
                      .title_fr = good.title_fr,
                      .body_fr = good.body_fr,
                      .title_en = good.title_en,
                      .body_en = good.body_en,
                      .excerpt_fr = excerpt(good.body_fr),
                      .excerpt_en = excerpt(good.body_en),
                      .wants_ack = good.wants_ack,
                      .from_at = good.from,
                      .until_at = good.until,
                      .created_at = now,
                      .people = size.kind == AudienceSize::Kind::AtLeast ? 0 : size.people};
    // In whose name: an administrator of all speaks for the installation.
    if (!roots.empty() && !answers_for(tx, viewer, StructureId{}, now)) made.structure = roots.front().id;
    store::insert_announcement(tx, made);
    for (const auto& line : lines) store::insert_line(tx, made, line);
    sharing::record_event(tx, portal.world, viewer, "announcement.published", ItemId{},
                          json::text_of(PublishedDetail{.announcement = to_text(made.id), .count = size.people}));
    return made;
}

Result<void> recall(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id) {
    const auto now = portal.world.clock.now();
    const auto found = store::find_announcement(tx, id);
    const bool mine = found && viewer.is_person() && found->author == viewer.person;
    if (!found || (!mine && !answers_for(tx, viewer, found->structure, now))) return not_found("announcement.unknown");
    if (!store::set_recalled(tx, id, viewer.person, now)) return fail(Error::Kind::Conflict, "announcement.recalled");
    sharing::record_event(tx, portal.world, viewer, "announcement.recalled", ItemId{},
                          json::text_of(PublishedDetail{.announcement = to_text(id), .count = found->people}));
    return {};
}

std::vector<AnnouncementLine> waiting_announcements(db::Tx& tx, const Viewer& viewer, int limit, Millis now) {
    constexpr int lines_each = 8; // of one audience that are true of one person at once
    return once_each(viewer, store::waiting(tx, viewer.person, ids_of(viewer), limit * lines_each, now),
                     static_cast<std::size_t>(limit));
}

std::vector<AnnouncementLine> announcements_for(db::Tx& tx, const Viewer& viewer, AnnouncementId before, int limit,
                                                Millis now) {
    constexpr int lines_each = 4;
    return once_each(viewer, store::ever(tx, viewer.person, ids_of(viewer), before, limit * lines_each, now),
                     static_cast<std::size_t>(limit));
}

std::vector<AnnouncementLine> announcements_by(db::Tx& tx, const Viewer& viewer, AnnouncementId before, int limit) {
    std::vector<AnnouncementLine> lines;
    for (auto& row : store::by_author(tx, viewer.person, before, limit)) lines.push_back(line_of(std::move(row)));
    return lines;
}

Result<Opened> open_announcement(db::Tx& tx, const Viewer& viewer, AnnouncementId id, Millis now) {
    auto row = viewer.is_person() ? store::one(tx, viewer.person, id) : std::nullopt;
    if (!row) return not_found("announcement.unknown");
    Opened opened{.line = line_of(std::move(*row))};
    const auto& announcement = opened.line.announcement;
    opened.mine = announcement.author == viewer.person;
    opened.concerns = concerns(tx, viewer, announcement, now);
    const bool read = opened.concerns && (!announcement.recalled_at || opened.line.seen);
    const bool answers = opened.mine || answers_for(tx, viewer, announcement.structure, now);
    if (!read && !answers) return not_found("announcement.unknown");
    opened.may_recall = answers && !announcement.recalled_at;
    return opened;
}

void mark_seen(db::Tx& tx, PersonId person, AnnouncementId id, Millis now) { store::insert_mark(tx, person, id, now); }

Result<void> acknowledge(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id) {
    const auto now = portal.world.clock.now();
    const auto opened = TRY(open_announcement(tx, viewer, id, now));
    const auto& announcement = opened.line.announcement;
    if (!opened.concerns) return not_found("announcement.unknown");
    if (announcement.recalled_at) return fail(Error::Kind::Conflict, "announcement.recalled");
    if (!announcement.wants_ack) return fail(Error::Kind::Conflict, "announcement.no_ack");
    store::insert_mark(tx, viewer.person, id, now);
    // The row that changes counts: a button pressed twice is one acknowledgement.
    if (store::set_acknowledged(tx, viewer.person, id, now))
        store::count_acknowledged(tx, id, store::came_by(tx, id, viewer.person));
    return {};
}

bool says_english(const Announcement& announcement, web::Language language) {
    return language == web::Language::English && !announcement.title_en.empty();
}
const std::string& title_of(const Announcement& announcement, web::Language language) {
    return says_english(announcement, language) ? announcement.title_en : announcement.title_fr;
}
const std::string& body_of(const Announcement& announcement, web::Language language) {
    return says_english(announcement, language) ? announcement.body_en : announcement.body_fr;
}
const std::string& excerpt_of(const Announcement& announcement, web::Language language) {
    return says_english(announcement, language) ? announcement.excerpt_en : announcement.excerpt_fr;
}

web::Html html_of(std::string_view markdown) {
    return web::Html{text::markdown_to_html(markdown, text::Flavour::Section)};
}

std::vector<ReceiptRow> receipts(db::Tx& tx, AnnouncementId id, const ReceiptKey& after, int limit) {
    return store::receipt_page(tx, id, after, limit);
}
std::vector<ReceiptLine> next_receipts(db::Tx& tx, AnnouncementId id, ReceiptCursor& cursor) {
    constexpr int structures_at_once = 50, members_at_once = 1000;
    std::vector<ReceiptLine> lines;
    if (!cursor.structures_done) {
        const auto page = store::receipt_page(tx, id, cursor.structure, structures_at_once);
        cursor.structures_done = std::ssize(page) < structures_at_once;
        if (!page.empty()) cursor.structure = {page.back().name, page.back().id};
        std::vector<StructureId> ids;
        for (const auto& row : page) ids.push_back(row.id);
        std::map<StructureId, std::vector<ReceiptPerson>> people;
        for (auto& one : store::receipt_people(tx, id, ids)) people[one.structure].push_back(std::move(one));
        for (const auto& row : page)
            for (auto& one : people[row.id])
                lines.push_back({row.name, row.uai, std::move(one.name), one.acknowledged_at});
        return lines;
    }
    for (auto& one : store::receipt_members(tx, id, cursor.member, members_at_once)) {
        cursor.member = one.person;
        lines.push_back({{}, {}, std::move(one.name), one.acknowledged_at});
    }
    cursor.done = std::ssize(lines) < members_at_once;
    return lines;
}

std::int64_t acknowledged_in_all(db::Tx& tx, AnnouncementId id) { return store::acknowledged_in_all(tx, id); }
std::vector<MissingRow> receipts_in(db::Tx& tx, AnnouncementId id, StructureId structure) {
    return store::receipts_in(tx, id, structure, 300);
}

} // namespace preau::portal
