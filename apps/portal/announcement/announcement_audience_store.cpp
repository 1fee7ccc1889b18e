#include "portal/announcement/announcement_audience_store.hpp"

#include <array>

namespace preau::portal::store {
namespace {

// Whose functions speak for a structure and all below it.
#define SPEAKS "f.function IN ('head', 'deputy-head', 'director', 'manager', 'secretary')"
const db::Query spoken_for_sql{"portal.spoken_for", R"(
    SELECT DISTINCT a.structure FROM structure_above a
     WHERE a.structure $IDS(1)
       AND ($2 = 1 OR a.ancestor $IDS(3)
            OR a.ancestor IN (SELECT f.structure FROM person_function f WHERE f.person = $4 AND )" SPEAKS "))"};
const db::Query speaks_at_sql{"portal.speaks_at", R"(
    SELECT s.id, s.parent, s.name, s.kind, s.uai, s.zone FROM structure s
     WHERE s.closed_at IS NULL
       AND (s.id $IDS(2) OR s.id IN (SELECT f.structure FROM person_function f WHERE f.person = $1 AND )" SPEAKS R"())
     ORDER BY s.name, s.id LIMIT $3)"};
#undef SPEAKS
const db::Query roots_sql{"portal.structure_roots", R"(
    SELECT id, parent, name, kind, uai, zone FROM structure
     WHERE COALESCE(parent, 0) = 0 AND closed_at IS NULL ORDER BY name, id LIMIT $1)"};
const db::Query among_sql{"portal.structures_among", R"(
    SELECT id, parent, name, kind, uai, zone FROM structure WHERE id $IDS(1) ORDER BY name, id)"};
const db::Query below_sql{"portal.structures_below", R"(
    SELECT s.id, s.parent, s.name, s.kind, s.uai, s.zone FROM structure_above a JOIN structure s ON s.id = a.structure
     WHERE a.ancestor = $1 AND s.closed_at IS NULL ORDER BY a.depth, s.name, s.id LIMIT $2)"};

// As many as identity::functions_in_use has; what is not asked for is empty, which is no function.
#define FUNCTIONS "($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
// Rows as they come, without looking for people who are met twice: SQLite stops at the limit, where a UNION would read
// an académie of 100,000 to its end first (measured: 1.1 s among 1.2 million).
const db::Query count_rows_sql{"portal.count_rows", R"(
    SELECT COUNT(*) FROM (
        SELECT f.person FROM structure_above a JOIN person_function f ON f.structure = a.structure
         WHERE a.ancestor $IDS(1) AND ($2 = 1 OR f.function IN )" FUNCTIONS R"()
        UNION ALL
        SELECT m.person FROM group_member m WHERE m.group_id $IDS(3)
        LIMIT $4) few)"};
const db::Query count_people_sql{"portal.count_people", R"(
    SELECT COUNT(*) FROM (
        SELECT f.person FROM structure_above a JOIN person_function f ON f.structure = a.structure
         WHERE a.ancestor $IDS(1) AND ($2 = 1 OR f.function IN )" FUNCTIONS R"()
        UNION
        SELECT m.person FROM group_member m WHERE m.group_id $IDS(3)
        LIMIT $4) few)"};
#undef FUNCTIONS
const db::Query count_accounts_sql{"portal.count_accounts", R"(
    SELECT COUNT(*) FROM person WHERE disabled = 0 AND guest_until IS NULL)"};
const db::Query counted_sql{"portal.audience_counted", R"(
    SELECT people FROM audience_size WHERE structure = $1 AND function = $2)"};
const db::Query members_sql{"portal.members_of_groups", R"(
    SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) FROM group_ WHERE id $IDS(1))"};

const db::Query with_children_sql{"portal.structures_with_children", R"(
    SELECT DISTINCT parent FROM structure WHERE parent > $1 ORDER BY parent LIMIT $2)"};
const db::Query count_below_sql{"portal.count_below", R"(
    SELECT a.ancestor AS structure, f.function, COUNT(DISTINCT f.person) AS people
      FROM structure_above a JOIN person_function f ON f.structure = a.structure
     WHERE a.ancestor $IDS(1) GROUP BY a.ancestor, f.function
    UNION ALL
    SELECT a.ancestor AS structure, '' AS function, COUNT(DISTINCT f.person) AS people
      FROM structure_above a JOIN person_function f ON f.structure = a.structure
     WHERE a.ancestor $IDS(1) GROUP BY a.ancestor)"};
const db::Query put_size_sql{"portal.put_audience_size", R"(
    INSERT INTO audience_size (structure, function, people) VALUES ($1, $2, $3)
    ON CONFLICT (structure, function) DO UPDATE SET people = excluded.people)"};

const db::Query came_by_sql{"portal.announcement_came_by", R"(
    SELECT f.structure FROM person_function f JOIN structure_above a ON a.structure = f.structure
      JOIN announcement_audience x ON x.announcement = $1 AND x.structure = a.ancestor
       AND (x.function = '' OR x.function = f.function)
     WHERE f.person = $2 AND x.structure <> 0 ORDER BY f.structure LIMIT 1)"};

// The structures in which people of the audience work, then those people counted for this page of structures alone.
const db::Query receipt_page_sql{"portal.receipt_page", R"(
    SELECT page.id, page.name, page.uai, COALESCE(c.acknowledged, 0) AS acknowledged,
           (SELECT COUNT(DISTINCT f.person) FROM person_function f
             WHERE f.structure = page.id AND EXISTS (
                   SELECT 1 FROM structure_above b JOIN announcement_audience y ON y.structure = b.ancestor
                    WHERE b.structure = page.id AND y.announcement = $1 AND y.structure <> 0
                      AND (y.function = '' OR y.function = f.function))) AS people
      FROM (SELECT DISTINCT s.id, s.name, s.uai
              FROM announcement_audience x JOIN structure_above a ON a.ancestor = x.structure
                   JOIN structure s ON s.id = a.structure
             WHERE x.announcement = $1 AND x.structure <> 0 AND (s.name, s.id) > ($2, $3)
               AND EXISTS (SELECT 1 FROM person_function f WHERE f.structure = s.id
                              AND (x.function = '' OR f.function = x.function))
             ORDER BY s.name, s.id LIMIT $4) page
      LEFT JOIN announcement_count c ON c.announcement = $1 AND c.structure = page.id
     ORDER BY page.name, page.id)"};

const db::Query receipts_in_sql{"portal.receipts_in", R"(
    SELECT p.id AS person, p.name, CASE WHEN m.acknowledged_at IS NULL THEN 0 ELSE 1 END AS acknowledged
      FROM person p LEFT JOIN announcement_mark m ON m.person = p.id AND m.announcement = $1
     WHERE p.id IN (
           SELECT f.person FROM person_function f JOIN structure_above b ON b.structure = f.structure
             JOIN announcement_audience y ON y.structure = b.ancestor AND y.announcement = $1
            WHERE f.structure = $2 AND y.structure <> 0 AND (y.function = '' OR y.function = f.function))
     ORDER BY acknowledged, p.sort_key, p.id LIMIT $3)"};

const db::Query receipt_people_sql{"portal.receipt_people", R"(
    SELECT f.structure, p.id AS person, p.name, COALESCE(m.acknowledged_at, 0) AS acknowledged_at
      FROM person_function f JOIN person p ON p.id = f.person
           LEFT JOIN announcement_mark m ON m.person = p.id AND m.announcement = $1
     WHERE f.structure $IDS(2) AND EXISTS (
           SELECT 1 FROM structure_above b JOIN announcement_audience y ON y.structure = b.ancestor
            WHERE b.structure = f.structure AND y.announcement = $1 AND y.structure <> 0
              AND (y.function = '' OR y.function = f.function))
     GROUP BY f.structure, p.sort_key, p.id, p.name, m.acknowledged_at
     ORDER BY f.structure, p.sort_key, p.id)"};
const db::Query receipt_members_sql{"portal.receipt_members", R"(
    SELECT DISTINCT 0 AS structure, p.id AS person, p.name, COALESCE(m.acknowledged_at, 0) AS acknowledged_at
      FROM announcement_audience x JOIN group_member g ON g.group_id = x.subject JOIN person p ON p.id = g.person
           LEFT JOIN announcement_mark m ON m.person = p.id AND m.announcement = $1
     WHERE x.announcement = $1 AND x.subject_kind = 2 AND g.person > $2 ORDER BY p.id LIMIT $3)"};

const db::Query acknowledged_sql{"portal.acknowledged_in_all", R"(
    SELECT CAST(COALESCE(SUM(acknowledged), 0) AS BIGINT) FROM announcement_count WHERE announcement = $1)"};

const db::Query to_remind_sql{"portal.to_remind", R"(
    SELECT p.id AS person, p.name, p.mail, p.language FROM person p
     WHERE p.id IN (
           SELECT f.person FROM announcement_audience x JOIN structure_above a ON a.ancestor = x.structure
             JOIN person_function f ON f.structure = a.structure AND (x.function = '' OR f.function = x.function)
            WHERE x.announcement = $1 AND x.structure <> 0 AND f.person > $2
           UNION
           SELECT g.person FROM announcement_audience x JOIN group_member g ON g.group_id = x.subject
            WHERE x.announcement = $1 AND x.subject_kind = 2 AND g.person > $2)
       AND p.disabled = 0 AND p.mail <> ''
       AND NOT EXISTS (SELECT 1 FROM announcement_mark m
                        WHERE m.person = p.id AND m.announcement = $1 AND m.acknowledged_at IS NOT NULL)
     ORDER BY p.id LIMIT $3)"};

template <class AnyId> std::vector<std::int64_t> numbers(const std::vector<AnyId>& ids) {
    std::vector<std::int64_t> list;
    for (auto id : ids) list.push_back(id.value);
    return list;
}

} // namespace

std::vector<StructureId> spoken_for(db::Tx& tx, const Voice& voice, const std::vector<StructureId>& structures) {
    if (structures.empty()) return {};
    const auto asked = numbers(structures), administered = numbers(voice.administered);
    return tx.all<StructureId>(spoken_for_sql, {db::Ids{asked}, voice.everywhere, db::Ids{administered}, voice.person});
}
std::vector<identity::Structure> speaks_at(db::Tx& tx, const Voice& voice, int limit) {
    const auto administered = numbers(voice.administered);
    return tx.all<identity::Structure>(speaks_at_sql, {voice.person, db::Ids{administered}, limit});
}
std::vector<identity::Structure> structures_among(db::Tx& tx, const std::vector<StructureId>& ids) {
    const auto list = numbers(ids);
    return list.empty() ? std::vector<identity::Structure>{} : tx.all<identity::Structure>(among_sql, {db::Ids{list}});
}
std::vector<identity::Structure> roots(db::Tx& tx, int limit) {
    return tx.all<identity::Structure>(roots_sql, {limit});
}
std::vector<identity::Structure> structures_below(db::Tx& tx, StructureId root, int limit) {
    return tx.all<identity::Structure>(below_sql, {root, limit});
}

std::optional<std::int64_t> count_people(db::Tx& tx, const Audience& audience, std::int64_t most) {
    std::array<std::string, 15> f;
    for (std::size_t i = 0; i < f.size() && i < audience.functions.size(); ++i) f[i] = audience.functions[i];
    const auto structures = numbers(audience.structures);
    const auto groups = numbers(audience.groups);
    const bool all = audience.functions.empty();
    auto count = [&](const db::Query& query, std::int64_t limit) {
        return tx.one<std::int64_t>(query, {db::Ids{structures}, all, db::Ids{groups}, limit, f[0], f[1], f[2], f[3],
                                            f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12], f[13], f[14]});
    };
    if (count(count_rows_sql, most + 1).value_or(0) > most) return std::nullopt;
    return count(count_people_sql, most);
}
std::int64_t count_accounts(db::Tx& tx) { return tx.one<std::int64_t>(count_accounts_sql, {}).value_or(0); }
std::optional<std::int64_t> counted(db::Tx& tx, StructureId structure, std::string_view function) {
    return tx.one<std::int64_t>(counted_sql, {structure, function});
}
std::int64_t members_of_groups(db::Tx& tx, const std::vector<std::int64_t>& groups) {
    return groups.empty() ? 0 : tx.one<std::int64_t>(members_sql, {db::Ids{groups}}).value_or(0);
}

std::vector<StructureId> structures_with_children(db::Tx& tx, StructureId after, int limit) {
    return tx.all<StructureId>(with_children_sql, {after, limit});
}
std::vector<SizeRow> count_below(db::Tx& tx, const std::vector<std::int64_t>& structures) {
    return tx.all<SizeRow>(count_below_sql, {db::Ids{structures}});
}
void put_size(db::Tx& tx, const SizeRow& row) { tx.execute(put_size_sql, {row.structure, row.function, row.people}); }

StructureId came_by(db::Tx& tx, AnnouncementId id, PersonId person) {
    return tx.one<StructureId>(came_by_sql, {id, person}).value_or(StructureId{});
}
std::vector<ReceiptRow> receipt_page(db::Tx& tx, AnnouncementId id, const ReceiptKey& after, int limit) {
    return tx.all<ReceiptRow>(receipt_page_sql, {id, after.name, after.id, limit});
}
std::vector<MissingRow> receipts_in(db::Tx& tx, AnnouncementId id, StructureId structure, int limit) {
    return tx.all<MissingRow>(receipts_in_sql, {id, structure, limit});
}
std::vector<ReceiptPerson> receipt_people(db::Tx& tx, AnnouncementId id, const std::vector<StructureId>& structures) {
    const auto list = numbers(structures);
    return list.empty() ? std::vector<ReceiptPerson>{} : tx.all<ReceiptPerson>(receipt_people_sql, {id, db::Ids{list}});
}
std::vector<ReceiptPerson> receipt_members(db::Tx& tx, AnnouncementId id, PersonId after, int limit) {
    return tx.all<ReceiptPerson>(receipt_members_sql, {id, after, limit});
}
std::int64_t acknowledged_in_all(db::Tx& tx, AnnouncementId id) {
    return tx.one<std::int64_t>(acknowledged_sql, {id}).value_or(0);
}
std::vector<ReminderRow> to_remind(db::Tx& tx, AnnouncementId id, PersonId after, int limit) {
    return tx.all<ReminderRow>(to_remind_sql, {id, after, limit});
}

} // namespace preau::portal::store
