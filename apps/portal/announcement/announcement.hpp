// Announcements: what a school or an académie tells its people. One row whatever the audience, fanned out when read.
#pragma once

#include "base/describe.hpp"
#include "identity/functions.hpp"
#include "identity/people.hpp"
#include "portal/portal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::portal {

using AnnouncementId = Id<struct AnnouncementTag>;

struct Announcement {
    AnnouncementId id;
    PersonId author;
    StructureId structure; // in whose name
    std::string title_fr, body_fr, title_en, body_en, excerpt_fr, excerpt_en;
    bool wants_ack = false;
    Millis from_at = 0, until_at = 0, created_at = 0;
    std::int64_t people = 0;
    std::optional<Millis> recalled_at, reminded_at;
    PersonId reminded_to;
};
PREAU_DESCRIBE(Announcement, id, author, structure, title_fr, body_fr, title_en, body_en, excerpt_fr, excerpt_en,
               wants_ack, from_at, until_at, created_at, people, recalled_at, reminded_at, reminded_to)

// ---- To whom.

struct AudienceLine { // one row: a structure with all below it, a function there, a group, or everyone signed in
    Subject to;
    StructureId structure;
    std::string function;
};
struct Audience {
    std::vector<StructureId> structures;
    std::vector<std::string> functions; // none: everybody who works there
    std::vector<GroupId> groups;
    bool everyone = false; // all that are signed in: administrators of all
};
constexpr std::size_t most_lines = 400;

// Where somebody speaks for others: heads and their deputies, directors, managers and secretaries for their structure
// and all below it; who administers structures by delegation in those. Of many at once: which of them; three queries.
std::vector<StructureId> announced_for(db::Tx& tx, const Viewer& viewer, const std::vector<StructureId>& structures,
                                       Millis now);
// Who administers the structure, or (of none) all: withdraws what others said in its name.
bool answers_for(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now);
bool announces_for(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now);
std::vector<identity::Structure> announcing_roots(db::Tx& tx, const Viewer& viewer, Millis now); // by name, at most 50
bool may_announce(db::Tx& tx, const Viewer& viewer, Millis now); // to anybody at all
// Each line checked: errors announcement.nobody, announcement.not_yours, announcement.too_many_lines, those of
// identity::address_function.
Result<std::vector<AudienceLine>> audience_lines(db::Tx& tx, const Viewer& viewer, const Audience& audience,
                                                 Millis now);

struct AudienceSize {
    std::int64_t people = 0;
    enum class Kind { Exact, About, AtLeast } kind = Kind::Exact;
};
// Counted up to 5,000; above, what was counted last night is added up (somebody in two of the places counts twice).
AudienceSize size_of(db::Tx& tx, const Audience& audience);
std::string size_words(const web::Locale& locale, const AudienceSize& size); // "environ 1 204 331 personnes"
constexpr std::int64_t large_audience = 200; // above, and for everyone: asked again before it is published

// ---- Writing.

struct NewAnnouncement {
    std::string title_fr, body_fr, title_en, body_en;
    Audience audience;
    Millis from = 0; // 0: now
    Millis until = 0;
    bool wants_ack = false;
};
constexpr Millis announcement_default = 30_days;
constexpr Millis announcement_longest = 366_days;
constexpr std::size_t most_body = 20'000;
// What is said, without whom it is said to. Errors: announcement.title, announcement.body, announcement.half_english,
// announcement.dates, text_not_utf8.
Result<NewAnnouncement> check_words(const NewAnnouncement& wanted, Millis now);
Result<Announcement> publish(db::Tx& tx, Portal& portal, const Viewer& viewer, const NewAnnouncement& wanted);
// For everybody at once; who has read it sees that it was withdrawn. Its author, or who answers for it. Errors:
// announcement.unknown, announcement.recalled (Conflict).
Result<void> recall(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id);

// ---- Reading.

struct AnnouncementLine {
    Announcement announcement;
    std::string author, structure; // names
    bool seen = false, acknowledged = false;
};
// On the home: the newest that wait, at most `limit`; one query, through the index of what has not run out.
std::vector<AnnouncementLine> waiting_announcements(db::Tx& tx, const Viewer& viewer, int limit, Millis now);
// All that concern or concerned somebody, latest first; by key.
std::vector<AnnouncementLine> announcements_for(db::Tx& tx, const Viewer& viewer, AnnouncementId before, int limit,
                                                Millis now);
std::vector<AnnouncementLine> announcements_by(db::Tx& tx, const Viewer& viewer, AnnouncementId before, int limit);

struct Opened {
    AnnouncementLine line;
    bool mine = false; // its author
    bool concerns = false; // the viewer is in the audience
    bool may_recall = false; // and it stands
};
// Errors: announcement.unknown, for who is neither its author nor concerned, and for a withdrawn one that they never
// read.
Result<Opened> open_announcement(db::Tx& tx, const Viewer& viewer, AnnouncementId id, Millis now);
void mark_seen(db::Tx& tx, PersonId person, AnnouncementId id, Millis now); // again is harmless
// Errors: announcement.unknown, announcement.recalled, announcement.no_ack (Conflict). Again is harmless.
Result<void> acknowledge(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id);

// Words of the reader's language, French where there is no English.
const std::string& title_of(const Announcement& announcement, web::Language language);
const std::string& body_of(const Announcement& announcement, web::Language language);
const std::string& excerpt_of(const Announcement& announcement, web::Language language);
bool says_english(const Announcement& announcement, web::Language language); // what the reader sees is in English
web::Html html_of(std::string_view markdown);

// ---- Receipts: who of the audience acknowledged, for the author.

struct ReceiptRow { // of one structure
    StructureId id;
    std::string name, uai;
    std::int64_t people = 0, acknowledged = 0;
};
PREAU_DESCRIBE(ReceiptRow, id, name, uai, people, acknowledged)
struct ReceiptKey {
    std::string name;
    StructureId id;
};
std::vector<ReceiptRow> receipts(db::Tx& tx, AnnouncementId id, const ReceiptKey& after, int limit);
std::int64_t acknowledged_in_all(db::Tx& tx, AnnouncementId id);
struct MissingRow {
    PersonId person;
    std::string name;
    bool acknowledged = false;
};
PREAU_DESCRIBE(MissingRow, person, name, acknowledged)
std::vector<MissingRow> receipts_in(db::Tx& tx, AnnouncementId id, StructureId structure); // its people, at most 300

struct ReceiptPerson {
    StructureId structure; // none: came by a group
    PersonId person;
    std::string name;
    Millis acknowledged_at = 0; // 0: not yet
};
PREAU_DESCRIBE(ReceiptPerson, structure, person, name, acknowledged_at)
// The table that an author takes away, a piece at a time: first the structures by name, then the members of groups.
struct ReceiptCursor {
    ReceiptKey structure;
    PersonId member;
    bool structures_done = false, done = false;
};
struct ReceiptLine {
    std::string structure, uai, name;
    Millis acknowledged_at = 0;
};
std::vector<ReceiptLine> next_receipts(db::Tx& tx, AnnouncementId id, ReceiptCursor& cursor);

// By mail, to who has not; once a day, to at most 20,000 people. A job in batches. Errors: announcement.unknown,
// announcement.no_ack, announcement.reminded_lately (Conflict), announcement.too_many_to_remind (Conflict),
// announcement.recalled.
constexpr std::int64_t most_reminded = 20'000;
Result<void> remind(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id);

void install_announcements(Portal& portal); // its jobs: before jobs.start()
void preload_announcements(web::Pages& pages);
void announcement_routes(http::Router& routes, Portal& portal); // all of the below
void announcement_read_routes(http::Router& routes, Portal& portal);
void announcement_receipt_routes(http::Router& routes, Portal& portal);
void announcement_form_routes(http::Router& routes, Portal& portal);
void preload_announcement_pages(web::Pages& pages);
void preload_announcement_receipts(web::Pages& pages);
void preload_announcement_form(web::Pages& pages);

} // namespace preau::portal
