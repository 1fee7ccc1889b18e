// Rows of open and closed classes.
#pragma once

#include "identity/school_year.hpp"

#include <span>

namespace preau::identity::store {

bool keeps_classes(db::Tx& tx, PersonId person, StructureId structure); // by a function
std::vector<SchoolClass> open_classes(db::Tx& tx, StructureId structure, const ClassKey& after, int limit);
std::vector<std::string> closed_years(db::Tx& tx, StructureId structure, int limit);
std::vector<SchoolClass> closed_classes(db::Tx& tx, StructureId structure, std::string_view year, const ClassKey& after,
                                        int limit);
std::vector<SchoolClass> classes_among(db::Tx& tx, StructureId structure, std::span<const std::int64_t> classes);

void insert_closing(db::Tx& tx, const Closing& closing, Millis now);
bool set_class_closed(db::Tx& tx, GroupId group, Millis now); // false: it was
void insert_closed_class(db::Tx& tx, const ClosedClass& closed);
bool set_class_open(db::Tx& tx, GroupId group); // false: it was
std::optional<ClosedClass> find_closed_class(db::Tx& tx, GroupId group);
std::vector<GroupId> classes_of_closing(db::Tx& tx, StructureId structure, ClosingId closing);
std::optional<Millis> closing_at(db::Tx& tx, StructureId structure, ClosingId closing);

void set_class_year(db::Tx& tx, GroupId group, std::string_view year);
std::optional<PersonId> answering_member(db::Tx& tx, GroupId group);
bool touch_open_class(db::Tx& tx, GroupId group);

} // namespace preau::identity::store
