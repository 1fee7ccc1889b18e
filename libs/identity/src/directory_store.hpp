// Rows of the directory.
#pragma once

#include "identity/directory.hpp"

namespace preau::identity::store {

void enter(db::Tx& tx, StructureId scope, Subject subject, const std::vector<std::string>& keys); // again is harmless
void take_out(db::Tx& tx, Subject subject);
void take_out_of(db::Tx& tx, StructureId scope, Subject subject);

struct DirectoryRow {
    std::string key;
    std::int64_t subject = 0;
};
PREAU_DESCRIBE(DirectoryRow, key, subject)
// Keys that begin with `prefix`, in order; a name stands in it once for each order of its words.
std::vector<DirectoryRow> directory_range(db::Tx& tx, StructureId scope, Subject::Kind kind, std::string_view prefix,
                                          int limit);

// The same after a row of it, for pages.
std::vector<DirectoryRow> directory_after(db::Tx& tx, StructureId scope, Subject::Kind kind, std::string_view prefix,
                                          std::string_view key, std::int64_t subject, int limit);

std::vector<StructureId> structures_of(db::Tx& tx, PersonId person); // where they have a function; at most 8

struct NamedRow {
    std::int64_t id = 0;
    std::string name, function, place, kind;
    StructureId structure;
    bool closed = false;
};
PREAU_DESCRIBE(NamedRow, id, name, function, place, kind, structure, closed)
std::vector<NamedRow> people_named(db::Tx& tx, const std::vector<std::int64_t>& ids);
std::vector<NamedRow> groups_named(db::Tx& tx, const std::vector<std::int64_t>& ids);
std::vector<NamedRow> structures_named(db::Tx& tx, const std::vector<std::int64_t>& ids);
std::vector<NamedRow> functions_named(db::Tx& tx, const std::vector<std::int64_t>& ids); // name of the structure
bool works_in(db::Tx& tx, PersonId person, StructureId structure);
bool has_members(db::Tx& tx, GroupId group);

struct Unentered {
    std::int64_t id = 0;
    std::string name;
    StructureId structure; // of a group
    bool closed = false;
};
PREAU_DESCRIBE(Unentered, id, name, structure, closed)
std::optional<std::int64_t> entered_up_to(db::Tx& tx, Subject::Kind kind); // nothing: all
void set_entered(db::Tx& tx, Subject::Kind kind, std::optional<std::int64_t> up_to);
std::vector<Unentered> rows_after(db::Tx& tx, Subject::Kind kind, std::int64_t id, int limit);

} // namespace preau::identity::store
