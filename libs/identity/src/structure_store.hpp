// Rows of structures, groups and rosters.
#pragma once

#include "identity/people.hpp"

namespace preau::identity::store {

void insert_structure(db::Tx& tx, const Structure& structure);
std::optional<Structure> find_structure(db::Tx& tx, StructureId id);
bool stands_below(db::Tx& tx, StructureId structure, StructureId ancestor); // also when it is the same
void set_parent(db::Tx& tx, StructureId structure, StructureId parent);
std::vector<Structure> structures_above(db::Tx& tx, StructureId structure);
void insert_function(db::Tx& tx, PersonId person, StructureId structure, std::string_view function);

void insert_group(db::Tx& tx, const Group& group, std::string_view sort);
std::optional<Group> find_group(db::Tx& tx, GroupId id);
std::vector<Group> groups_of(db::Tx& tx, PersonId person);
void insert_pupil(db::Tx& tx, std::int64_t id, GroupId group, std::string_view name, std::string_view sort_key);
std::vector<Pupil> pupils_of(db::Tx& tx, GroupId group);

} // namespace preau::identity::store
