#include "import_store.hpp"

namespace preau::identity::store {
namespace {

// A range of the primary key: blocks of the same size cost the same, however long the list is.
const db::Query keys_after_sql{"identity.import_keys_after", R"(
    SELECT key, subject, said, ended_at FROM import_key WHERE source = $1 AND kind = $2 AND key > $3
     ORDER BY key LIMIT $4)"};

const db::Query find_key_sql{"identity.find_import_key", R"(
    SELECT key, subject, said, ended_at FROM import_key WHERE source = $1 AND kind = $2 AND key = $3)"};

const db::Query put_key_sql{"identity.put_import_key", R"(
    INSERT INTO import_key (source, kind, key, subject, said, ended_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (source, kind, key) DO UPDATE
       SET subject = excluded.subject, said = excluded.said, ended_at = excluded.ended_at)"};

const db::Query places_sql{"identity.import_places", R"(
    SELECT s.id, COALESCE(s.parent, 0) AS parent, s.name, s.uai, COALESCE(k.key, '') AS key,
           CASE WHEN s.closed_at IS NULL THEN 0 ELSE 1 END AS closed
      FROM structure s LEFT JOIN import_key k ON k.kind = 1 AND k.subject = s.id AND k.source = $1 ORDER BY s.id)"};

const db::Query whole_part_sql{"identity.whole_part", R"(
    SELECT structure FROM structure_above WHERE ancestor = $1 ORDER BY structure)"};

const db::Query put_class_sql{"identity.put_class", R"(
    UPDATE group_ SET name = $2, sort = $3, year = $4, structure = $5 WHERE id = $1)"};
const db::Query rename_pupil_sql{"identity.rename_pupil", "UPDATE pupil SET name = $2, sort_key = $3 WHERE id = $1"};

} // namespace

std::vector<ImportKeyRow> import_keys_after(db::Tx& tx, std::string_view source, ImportKind kind,
                                            std::string_view after, int limit) {
    return tx.all<ImportKeyRow>(keys_after_sql, {source, kind, after, limit});
}

std::optional<ImportKeyRow> find_import_key(db::Tx& tx, std::string_view source, ImportKind kind,
                                            std::string_view key) {
    return tx.one<ImportKeyRow>(find_key_sql, {source, kind, key});
}

void put_import_key(db::Tx& tx, std::string_view source, ImportKind kind, const ImportKeyRow& row) {
    tx.execute(put_key_sql, {source, kind, row.key, row.subject, row.said, row.ended_at});
}

std::vector<PlaceRow> places(db::Tx& tx, std::string_view source) { return tx.all<PlaceRow>(places_sql, {source}); }

std::vector<StructureId> whole_part(db::Tx& tx, StructureId structure) {
    return tx.all<StructureId>(whole_part_sql, {structure});
}

void put_class(db::Tx& tx, const Group& group, std::string_view sort, std::string_view year) {
    tx.execute(put_class_sql, {group.id, group.name, sort, year, group.structure});
}

void rename_pupil(db::Tx& tx, std::int64_t pupil, std::string_view name, std::string_view sort_key) {
    tx.execute(rename_pupil_sql, {pupil, name, db::Bytes{sort_key}});
}

} // namespace preau::identity::store
