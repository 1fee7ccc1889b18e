// What people.cpp and structures.cpp tell the directory.
#pragma once

#include "identity/people.hpp"

namespace preau::identity {

// "Camille Bernard" → "camille bernard", "bernard camille": every pair of words first once, the others behind it.
std::vector<std::string> directory_keys(std::string_view name);

bool words_begin(std::string_view key, const std::vector<std::string>& typed); // each typed word begins one of it
// For pages of a search: the range to walk. Both words where names begin with the first and go on as the second; else
// ("ber cam") the first alone.
std::string search_prefix(db::Tx& tx, StructureId scope, Subject::Kind kind, const std::vector<std::string>& words);
// The smallest of a name's keys that is found so: the one under which it is shown, so that no page repeats it.
std::string first_key(std::string_view name, std::string_view prefix, const std::vector<std::string>& words);

void enter_person(db::Tx& tx, PersonId person, std::string_view name); // everywhere, and where they work
void enter_function(db::Tx& tx, PersonId person, StructureId structure);
void leave_function(db::Tx& tx, PersonId person, StructureId structure); // when none is left there
void leave_directory(db::Tx& tx, Subject subject); // a closed structure is not found, nor a person before a new name
// Closed accounts stand in a scope of their own, in which administrators alone look.
inline constexpr StructureId closed_scope{-1};
void enter_closed(db::Tx& tx, PersonId person, std::string_view name);
// Every group stands here, closed ones and those of no structure too: administrators alone look.
inline constexpr StructureId overseen_scope{-2};
void enter_group(db::Tx& tx, const Group& group);
void enter_closed_group(db::Tx& tx, GroupId group, std::string_view name); // after leave_directory
void enter_structure(db::Tx& tx, StructureId structure, std::string_view name);

} // namespace preau::identity
