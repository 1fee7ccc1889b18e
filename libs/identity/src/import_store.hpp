// Rows of imports: whose key means what, and what the import asks of structures, people and classes.
#pragma once

#include "identity/import.hpp"

namespace preau::identity::store {

struct ImportKeyRow {
    std::string key;
    std::int64_t subject = 0;
    std::string said;
    Millis ended_at = 0;
};
PREAU_DESCRIBE(ImportKeyRow, key, subject, said, ended_at)
// In the order of the keys.
std::vector<ImportKeyRow> import_keys_after(db::Tx& tx, std::string_view source, ImportKind kind,
                                            std::string_view after, int limit);
std::optional<ImportKeyRow> find_import_key(db::Tx& tx, std::string_view source, ImportKind kind, std::string_view key);
void put_import_key(db::Tx& tx, std::string_view source, ImportKind kind, const ImportKeyRow& row);

struct PlaceRow { // a structure by the names that lists have for it
    StructureId id;
    StructureId parent;
    std::string name, uai, key; // `key` of this source, or empty
    bool closed = false;
};
PREAU_DESCRIBE(PlaceRow, id, parent, name, uai, key, closed)
std::vector<PlaceRow> places(db::Tx& tx, std::string_view source);
std::vector<StructureId> whole_part(db::Tx& tx, StructureId structure); // itself and all below it

void put_class(db::Tx& tx, const Group& group, std::string_view sort, std::string_view year);
void rename_pupil(db::Tx& tx, std::int64_t pupil, std::string_view name, std::string_view sort_key);

} // namespace preau::identity::store
