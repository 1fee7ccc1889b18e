// Finding people, groups and structures by what somebody types of their names, and naming those that grants hold.
// The cost of a search does not grow with the number of accounts: see directory_store.cpp.
#pragma once

#include "db/database.hpp"
#include "identity/people.hpp"

#include <map>

namespace preau::identity {

struct Found {
    Subject subject;      // a person, group or structure
    std::string name;     // "Nadia Haddad", "6e B"
    std::string function; // of a person, in their main structure: "teacher"
    std::string place;    // name of the structure that a person works in, that a group belongs to, that stands above
    std::string kind;     // of a group or structure: "class", "school"
};

constexpr int most_found = 20;

// At most `most_found`: first who works in the viewer's own structures, then everybody else. People whose account is
// closed are not found, nor classes whose year has ended, groups only by who belongs to them or works in their
// structure. Words may be typed in any order; the last one may be cut off. A guest finds the groups that they are in,
// nobody else. Nothing typed, or nothing but signs: nothing found.
std::vector<Found> search_directory(db::Tx& tx, const Viewer& viewer, std::string_view typed);

// Whom somebody shares with most: their own groups, then their structures.
std::vector<Found> nearest(db::Tx& tx, const Viewer& viewer);

// The structures that somebody works in and those above, nearest first; at most 64.
std::vector<Found> places_around(db::Tx& tx, const Viewer& viewer);

// The names of these people, groups and structures (families: of their class), in at most four queries; of a function
// the name of its structure, with the function beside it. Who is gone is
// left out.
struct Named {
    std::string name;
    std::string function;
    std::string place;
    std::string kind; // of a group or structure
    StructureId structure; // of a group
    bool closed = false; // a person's account, a class's school year
};
std::map<Subject, Named> names_of(db::Tx& tx, const std::vector<Subject>& subjects);

bool works_in(db::Tx& tx, PersonId person, StructureId structure); // has a function in exactly this structure
bool has_members(db::Tx& tx, GroupId group); // somebody whose account is open

// Enters who was there before the directory was. One look when there is nothing to do. Blocks; in batches, and goes on
// where it was when the server ended in the middle.
void fill_directory(db::Database& db);

} // namespace preau::identity
