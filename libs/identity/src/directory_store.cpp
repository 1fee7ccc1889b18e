#include "directory_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query enter_sql{"identity.enter", R"(
    INSERT INTO directory (scope, kind, key, subject) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING)"};

const db::Query take_out_sql{"identity.take_out", "DELETE FROM directory WHERE kind = $1 AND subject = $2"};

const db::Query take_out_of_sql{"identity.take_out_of", R"(
    DELETE FROM directory WHERE kind = $2 AND subject = $3 AND scope = $1)"};

// Both engines walk the primary key from `prefix` on and stop at the limit; no sort, nothing else is read:
//   SQLite      SEARCH directory USING COVERING INDEX sqlite_autoindex_directory_1 (scope=? AND kind=? AND key>? AND
//   key<?) PostgreSQL  Limit → Index Only Scan using directory_pkey, Index Cond: scope = $1 AND kind = $2 AND key >= $3
//   AND key < $4
const db::Query directory_range_sql{"identity.directory_range", R"(
    SELECT key, subject FROM directory WHERE scope = $1 AND kind = $2 AND key >= $3 AND key < $4
     ORDER BY scope, kind, key, subject LIMIT $5)"};

const db::Query directory_after_sql{"identity.directory_after", R"(
    SELECT key, subject FROM directory
     WHERE scope = $1 AND kind = $2 AND key >= $3 AND key < $4
       AND (key > $5 OR (key = $5 AND subject > $6))
     ORDER BY scope, kind, key, subject LIMIT $7)"};

const db::Query structures_of_sql{"identity.structures_of", R"(
    SELECT DISTINCT structure FROM person_function WHERE person = $1 ORDER BY structure LIMIT 8)"};

const db::Query people_named_sql{"identity.people_named", R"(
    SELECT p.id, p.name, p.disabled AS closed, COALESCE(s.name, '') AS place, '' AS kind, 0 AS structure,
           COALESCE((SELECT MIN(f.function) FROM person_function f
                      WHERE f.person = p.id AND f.structure = p.main_structure), '') AS function
      FROM person p LEFT JOIN structure s ON s.id = p.main_structure WHERE p.id $IDS(1))"};

const db::Query groups_named_sql{"identity.groups_named", R"(
    SELECT g.id, g.name, CASE WHEN g.closed_at IS NULL THEN 0 ELSE 1 END AS closed, COALESCE(s.name, '') AS place,
           g.kind, COALESCE(g.structure, 0) AS structure,
           '' AS function
      FROM group_ g LEFT JOIN structure s ON s.id = g.structure WHERE g.id $IDS(1))"};

const db::Query structures_named_sql{"identity.structures_named", R"(
    SELECT s.id, s.name, 0 AS closed, COALESCE(above.name, '') AS place, s.kind, 0 AS structure, '' AS function
      FROM structure s LEFT JOIN structure above ON above.id = s.parent WHERE s.id $IDS(1))"};

const db::Query functions_named_sql{"identity.functions_named", R"(
    SELECT t.id, s.name, 0 AS closed, COALESCE(above.name, '') AS place, s.kind, t.structure, t.function
      FROM function_subject t JOIN structure s ON s.id = t.structure LEFT JOIN structure above ON above.id = s.parent
     WHERE t.id $IDS(1))"};

const db::Query works_in_sql{"identity.works_in", R"(
    SELECT 1 FROM person_function WHERE person = $1 AND structure = $2 LIMIT 1)"};

const db::Query has_members_sql{"identity.has_members", R"(
    SELECT 1 FROM group_member m JOIN person p ON p.id = m.person WHERE m.group_id = $1 AND p.disabled = 0 LIMIT 1)"};

const db::Query entered_sql{"identity.directory_entered", "SELECT done FROM directory_entered WHERE kind = $1"};
const db::Query set_entered_sql{"identity.set_directory_entered",
                                "UPDATE directory_entered SET done = $2 WHERE kind = $1"};
const db::Query end_entered_sql{"identity.end_directory_entered", "DELETE FROM directory_entered WHERE kind = $1"};

const db::Query people_after_sql{"identity.people_after", R"(
    SELECT id, name, 0 AS structure, disabled AS closed FROM person WHERE id > $1 ORDER BY id LIMIT $2)"};
const db::Query groups_after_sql{"identity.groups_after", R"(
    SELECT id, name, COALESCE(structure, 0) AS structure,
           CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END AS closed
      FROM group_ WHERE id > $1 ORDER BY id LIMIT $2)"};
const db::Query structures_after_sql{"identity.structures_after", R"(
    SELECT id, name, 0 AS structure, 0 AS closed FROM structure WHERE id > $1 ORDER BY id LIMIT $2)"};

std::int64_t number(Subject::Kind kind) { return static_cast<std::int64_t>(kind); }

std::vector<NamedRow> named(db::Tx& tx, const db::Query& query, const std::vector<std::int64_t>& ids) {
    return ids.empty() ? std::vector<NamedRow>{} : tx.all<NamedRow>(query, {db::Ids{ids}});
}

} // namespace

void enter(db::Tx& tx, StructureId scope, Subject subject, const std::vector<std::string>& keys) {
    for (const auto& key : keys) tx.execute(enter_sql, {scope, number(subject.kind), key, subject.id});
}

void take_out(db::Tx& tx, Subject subject) { tx.execute(take_out_sql, {number(subject.kind), subject.id}); }

void take_out_of(db::Tx& tx, StructureId scope, Subject subject) {
    tx.execute(take_out_of_sql, {scope, number(subject.kind), subject.id});
}

std::vector<DirectoryRow> directory_range(db::Tx& tx, StructureId scope, Subject::Kind kind, std::string_view prefix,
                                          int limit) {
    const auto end = std::string{prefix} + "\xf4\x8f\xbf\xbf"; // U+10FFFF: no word holds it
    return tx.all<DirectoryRow>(directory_range_sql, {scope, number(kind), prefix, end, limit});
}

std::vector<DirectoryRow> directory_after(db::Tx& tx, StructureId scope, Subject::Kind kind, std::string_view prefix,
                                          std::string_view key, std::int64_t subject, int limit) {
    const auto end = std::string{prefix} + "\xf4\x8f\xbf\xbf";
    // From the key on, not from the prefix: or each page would read what the ones before it held.
    const auto from = key > prefix ? key : prefix;
    return tx.all<DirectoryRow>(directory_after_sql, {scope, number(kind), from, end, key, subject, limit});
}

std::vector<StructureId> structures_of(db::Tx& tx, PersonId person) {
    return tx.all<StructureId>(structures_of_sql, {person});
}

std::vector<NamedRow> people_named(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return named(tx, people_named_sql, ids);
}
std::vector<NamedRow> groups_named(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return named(tx, groups_named_sql, ids);
}
std::vector<NamedRow> structures_named(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return named(tx, structures_named_sql, ids);
}

std::vector<NamedRow> functions_named(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return named(tx, functions_named_sql, ids);
}

bool works_in(db::Tx& tx, PersonId person, StructureId structure) {
    return tx.one<std::int64_t>(works_in_sql, {person, structure}).has_value();
}

bool has_members(db::Tx& tx, GroupId group) { return tx.one<std::int64_t>(has_members_sql, {group}).has_value(); }

std::optional<std::int64_t> entered_up_to(db::Tx& tx, Subject::Kind kind) {
    return tx.one<std::int64_t>(entered_sql, {number(kind)});
}

void set_entered(db::Tx& tx, Subject::Kind kind, std::optional<std::int64_t> up_to) {
    if (up_to)
        tx.execute(set_entered_sql, {number(kind), *up_to});
    else
        tx.execute(end_entered_sql, {number(kind)});
}

std::vector<Unentered> rows_after(db::Tx& tx, Subject::Kind kind, std::int64_t id, int limit) {
    const auto& query = kind == Subject::Kind::Person  ? people_after_sql
                        : kind == Subject::Kind::Group ? groups_after_sql
                                                       : structures_after_sql;
    return tx.all<Unentered>(query, {id, limit});
}

} // namespace preau::identity::store
