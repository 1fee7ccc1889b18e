// September: classes end with their school year, and others begin. What was given to a closed class's staff and
// families is sharing's (sharing/archive.hpp); here is which classes there are, which are closed, by which act and as
// which year.
//
// Closing and reopening are called under lane_of(class) of each class, opening under lane_of(structure).
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preau::identity {

using ClosingId = Id<struct ClosingTag>;
inline constexpr std::size_t most_classes_at_once = 200;
inline constexpr Millis closing_undone_within = 24_h; // on the page of the act; later a class at a time

// Head and manager of the structure or of one above; deputy, director and secretary of the structure itself; and who
// administers structures there.
bool keeps_school_year(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now);

struct SchoolClass {
    GroupId id;
    std::string name, year; // year: empty where nobody said one
    std::string sort;       // with the id: key of a page
    std::int64_t pupils = 0, staff = 0;
    bool closed = false;
};
PREAU_DESCRIBE(SchoolClass, id, name, year, sort, pupils, staff, closed)
struct ClassKey { // where the last page ended; empty for the first
    std::string sort;
    GroupId id;
};
std::vector<SchoolClass> open_classes(db::Tx& tx, StructureId structure, const ClassKey& after, int limit);
std::vector<std::string> closed_years(db::Tx& tx, StructureId structure); // latest first, at most 40
std::vector<SchoolClass> closed_classes(db::Tx& tx, StructureId structure, std::string_view year, const ClassKey& after,
                                        int limit);
// In the order of their names. Errors: identity.class (NotFound) when one of them is not a class of this structure,
// identity.class_none (Invalid, field `class`), identity.class_too_many.
Result<std::vector<SchoolClass>> classes_named(db::Tx& tx, StructureId structure, const std::vector<GroupId>& classes);

// "2026-2027", or "2027" where the year is the calendar's. Errors: identity.school_year (field `year`).
Result<std::string> school_year_named(std::string_view typed);
struct SchoolYears { // which ones are probably meant on a day "2026-09-07"
    std::string ending, beginning; // from May on the next one begins; the one before ends until the next summer
};
SchoolYears school_years_on(std::string_view day);

struct Closing {
    ClosingId id;
    StructureId structure;
    PersonId by;
    std::vector<GroupId> classes;
    std::string year; // of classes that say none themselves
};
struct ClosedClass {
    GroupId id; // "class" is a word of C++
    ClosingId closing;
    StructureId structure;
    std::string year;
};
PREAU_DESCRIBE(ClosedClass, id, closing, structure, year)
// Those that were open and are closed now; what somebody else closed meanwhile stays theirs. Errors: those of
// classes_named and school_year_named, identity.class_closed_already (Conflict) when none was open.
Result<std::vector<GroupId>> close_classes(db::Tx& tx, const Closing& closing, Millis now);
// Those that were closed and are open now.
std::vector<GroupId> reopen_classes(db::Tx& tx, const std::vector<GroupId>& classes);
std::optional<ClosedClass> closed_class(db::Tx& tx, GroupId group);
// What is still closed by this act; none of another structure's.
std::vector<GroupId> classes_of_closing(db::Tx& tx, StructureId structure, ClosingId closing);
std::optional<Millis> closed_at(db::Tx& tx, StructureId structure, ClosingId closing); // nothing: no such act here

struct Opening {
    StructureId structure;
    std::string names; // one a line
    std::string year;
};
// Classes without staff and pupils. Errors: school_year_named, those of check_line (field `names`),
// identity.class_names_none, identity.class_names_twice, identity.class_names_there (Conflict), each naming them.
Result<std::vector<GroupId>> found_classes(db::Tx& tx, IdSource& ids, const Opening& opening);
std::string last_names(db::Tx& tx, StructureId structure); // of the latest closed year, one a line
// Somebody who works there, as an owner. Errors: identity.class, identity.class_closed, identity.class_not_here.
Result<void> name_class_staff(db::Tx& tx, StructureId structure, GroupId group, PersonId person, Millis now);

// Whoever answers for the class: its owner who came first, whose account is open; another member where it has none.
std::optional<PersonId> answers_for_class(db::Tx& tx, GroupId group);
// Nothing more is given to a closed class or group. Holds the row, so that of giving and closing at the same moment one
// comes after the other.
bool hold_group_open(db::Tx& tx, GroupId group);

} // namespace preau::identity
