// What people.cpp and structures.cpp tell the directory.
#pragma once

#include "identity/people.hpp"

namespace preau::identity {

// "Camille Bernard" → "camille bernard", "bernard camille": every pair of words first once, the others behind it.
std::vector<std::string> directory_keys(std::string_view name);

void enter_person(db::Tx& tx, PersonId person, std::string_view name); // everywhere, and where they work
void enter_function(db::Tx& tx, PersonId person, StructureId structure);
void leave_directory(db::Tx& tx, PersonId person);
void enter_group(db::Tx& tx, const Group& group);
void enter_structure(db::Tx& tx, StructureId structure, std::string_view name);

} // namespace preau::identity
