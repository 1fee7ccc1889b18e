#include "portal/announcement/announcement_store.hpp"

#include <limits>

namespace preau::portal::store {
namespace {

#define ROW                                                                                                            \
    "SELECT a.id, a.author, a.structure, a.title_fr, a.body_fr, a.title_en, a.body_en, a.excerpt_fr, a.excerpt_en,"    \
    " a.wants_ack, a.from_at, a.until_at, a.created_at, a.people, a.recalled_at, a.reminded_at, a.reminded_to"
// Without the bodies, which a list does not show.
#define LINE                                                                                                           \
    "SELECT a.id, a.author, a.structure, a.title_fr, '' AS body_fr, a.title_en, '' AS body_en, a.excerpt_fr,"          \
    " a.excerpt_en, a.wants_ack, a.from_at, a.until_at, a.created_at, a.people, a.recalled_at, a.reminded_at,"         \
    " a.reminded_to"
#define NAMES ", p.name AS author_name, COALESCE(s.name, '') AS structure_name"
#define MARK                                                                                                           \
    ", CASE WHEN m.person IS NULL THEN 0 ELSE 1 END AS marked,"                                                        \
    " CASE WHEN m.acknowledged_at IS NULL THEN 0 ELSE 1 END AS acknowledged"
#define WITH_NAMES " JOIN person p ON p.id = a.author LEFT JOIN structure s ON s.id = a.structure"

const db::Query insert_announcement_sql{"portal.insert_announcement", R"(
    INSERT INTO announcement (id, author, structure, title_fr, body_fr, title_en, body_en, excerpt_fr, excerpt_en,
                              wants_ack, from_at, until_at, created_at, people)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))"};
const db::Query insert_line_sql{"portal.insert_announcement_line", R"(
    INSERT INTO announcement_audience (announcement, subject_kind, subject, structure, function, from_at, until_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)"};
const db::Query find_sql{"portal.find_announcement", ROW " FROM announcement a WHERE a.id = $1"};
const db::Query recall_sql{"portal.recall_announcement", R"(
    UPDATE announcement SET recalled_at = $3, recalled_by = $2 WHERE id = $1 AND recalled_at IS NULL)"};
const db::Query begin_reminder_sql{"portal.begin_reminder", R"(
    UPDATE announcement SET reminded_at = $2, reminded_to = 0 WHERE id = $1)"};
const db::Query reminded_to_sql{"portal.reminded_to", "UPDATE announcement SET reminded_to = $2 WHERE id = $1"};

// The home of everybody: a range of announcement_audience_now for each of a viewer's subjects, that is, the few
// announcements that concern them and have not run out; what they have seen or acknowledged is one look-up by key.
const db::Query waiting_sql{"portal.waiting_announcements", LINE NAMES MARK
                            ", x.subject_kind, x.subject"
                            " FROM announcement_audience x JOIN announcement a ON a.id = x.announcement" WITH_NAMES
                            " LEFT JOIN announcement_mark m ON m.person = $2 AND m.announcement = a.id"
                            " WHERE x.subject $IDS(1) AND x.until_at > $3 AND x.from_at <= $3 AND a.recalled_at IS NULL"
                            " AND (m.person IS NULL OR (a.wants_ack = 1 AND m.acknowledged_at IS NULL))"
                            " ORDER BY a.id DESC LIMIT $4"};

const db::Query ever_sql{"portal.announcements_ever", LINE NAMES MARK
                         ", x.subject_kind, x.subject"
                         " FROM announcement_audience x JOIN announcement a ON a.id = x.announcement" WITH_NAMES
                         " LEFT JOIN announcement_mark m ON m.person = $2 AND m.announcement = a.id"
                         " WHERE x.subject $IDS(1) AND x.announcement < $3 AND x.from_at <= $4"
                         " AND (a.recalled_at IS NULL OR m.person IS NOT NULL)"
                         " ORDER BY x.announcement DESC LIMIT $5"};

const db::Query by_author_sql{
    "portal.announcements_by",
    LINE NAMES ", 1 AS marked, 0 AS acknowledged, 0 AS subject_kind, 0 AS subject FROM announcement a" WITH_NAMES
               " WHERE a.author = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3"};

const db::Query one_sql{"portal.one_announcement",
                        ROW NAMES MARK ", 0 AS subject_kind, 0 AS subject"
                                       " FROM announcement a" WITH_NAMES
                                       " LEFT JOIN announcement_mark m ON m.person = $1 AND m.announcement = a.id"
                                       " WHERE a.id = $2"};
#undef WITH_NAMES
#undef MARK
#undef NAMES
#undef LINE
#undef ROW

const db::Query lines_sql{"portal.announcement_lines", R"(
    SELECT subject_kind, subject FROM announcement_audience WHERE announcement = $1 ORDER BY subject_kind, subject)"};

const db::Query insert_mark_sql{"portal.mark_announcement", R"(
    INSERT INTO announcement_mark (person, announcement, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};
const db::Query acknowledge_sql{"portal.acknowledge", R"(
    UPDATE announcement_mark SET acknowledged_at = $3
     WHERE person = $1 AND announcement = $2 AND acknowledged_at IS NULL)"};
const db::Query count_sql{"portal.count_acknowledged", R"(
    INSERT INTO announcement_count (announcement, structure, acknowledged) VALUES ($1, $2, 1)
    ON CONFLICT (announcement, structure) DO UPDATE SET acknowledged = announcement_count.acknowledged + 1)"};

struct FlatRow {
    std::string author_name, structure_name;
    bool marked = false, acknowledged = false;
    Subject::Kind subject_kind{};
    std::int64_t subject = 0;
};
PREAU_DESCRIBE(FlatRow, author_name, structure_name, marked, acknowledged, subject_kind, subject)
struct SubjectRow {
    Subject::Kind subject_kind{};
    std::int64_t subject = 0;
};
PREAU_DESCRIBE(SubjectRow, subject_kind, subject)

template <class... Values> std::vector<ConcernRow> rows(db::Tx& tx, const db::Query& query, const Values&... values) {
    std::vector<ConcernRow> list;
    db::Reader<Announcement> read;
    db::Reader<FlatRow> read_rest;
    tx.each(query, {values...}, [&](const db::Row& row) {
        auto rest = read_rest(row);
        list.push_back({.announcement = read(row),
                        .to = {rest.subject_kind, rest.subject},
                        .author = std::move(rest.author_name),
                        .structure = std::move(rest.structure_name),
                        .marked = rest.marked,
                        .acknowledged = rest.acknowledged});
    });
    return list;
}

AnnouncementId from(AnnouncementId before) {
    return before ? before : AnnouncementId{std::numeric_limits<std::int64_t>::max()};
}

} // namespace

void insert_announcement(db::Tx& tx, const Announcement& a) {
    tx.execute(insert_announcement_sql,
               {a.id, a.author, a.structure, a.title_fr, a.body_fr, a.title_en, a.body_en, a.excerpt_fr, a.excerpt_en,
                a.wants_ack, a.from_at, a.until_at, a.created_at, a.people});
}
void insert_line(db::Tx& tx, const Announcement& a, const AudienceLine& line) {
    tx.execute(insert_line_sql, {a.id, static_cast<std::int64_t>(line.to.kind), line.to.id, line.structure,
                                 line.function, a.from_at, a.until_at});
}
std::optional<Announcement> find_announcement(db::Tx& tx, AnnouncementId id) {
    return tx.one<Announcement>(find_sql, {id});
}
bool set_recalled(db::Tx& tx, AnnouncementId id, PersonId by, Millis now) {
    return tx.execute(recall_sql, {id, by, now}) == 1;
}
void begin_reminder(db::Tx& tx, AnnouncementId id, Millis now) { tx.execute(begin_reminder_sql, {id, now}); }
void set_reminded_to(db::Tx& tx, AnnouncementId id, PersonId person) { tx.execute(reminded_to_sql, {id, person}); }

std::vector<ConcernRow> waiting(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& subjects, int limit,
                                Millis now) {
    return rows(tx, waiting_sql, db::Value{db::Ids{subjects}}, db::Value{person}, db::Value{now}, db::Value{limit});
}
std::vector<ConcernRow> ever(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& subjects,
                             AnnouncementId before, int limit, Millis now) {
    return rows(tx, ever_sql, db::Value{db::Ids{subjects}}, db::Value{person}, db::Value{from(before)}, db::Value{now},
                db::Value{limit});
}
std::vector<ConcernRow> by_author(db::Tx& tx, PersonId author, AnnouncementId before, int limit) {
    return rows(tx, by_author_sql, db::Value{author}, db::Value{from(before)}, db::Value{limit});
}
std::optional<ConcernRow> one(db::Tx& tx, PersonId person, AnnouncementId id) {
    auto list = rows(tx, one_sql, db::Value{person}, db::Value{id});
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}
std::vector<Subject> lines_of(db::Tx& tx, AnnouncementId id) {
    std::vector<Subject> lines;
    for (const auto& row : tx.all<SubjectRow>(lines_sql, {id})) lines.push_back({row.subject_kind, row.subject});
    return lines;
}

bool insert_mark(db::Tx& tx, PersonId person, AnnouncementId id, Millis now) {
    return tx.execute(insert_mark_sql, {person, id, now}) == 1;
}
bool set_acknowledged(db::Tx& tx, PersonId person, AnnouncementId id, Millis now) {
    return tx.execute(acknowledge_sql, {person, id, now}) == 1;
}
void count_acknowledged(db::Tx& tx, AnnouncementId id, StructureId structure) {
    tx.execute(count_sql, {id, structure});
}

} // namespace preau::portal::store
