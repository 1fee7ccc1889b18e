// Lists of people for who administers: of everybody, or of a part of the tree, by name, function and state, a page at a
// time. What a page costs depends on neither the number of accounts nor on the size of the part
// (docs/adr/0012-pages-of-a-subtree.md): a bounded number of rows is looked at, so that with a rare filter a page may
// hold fewer rows than asked for and still be followed by another.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

struct PeopleFilter {
    StructureId structure; // works in it or below it; none: everybody
    std::string function; // in it or below it; empty: any
    enum class State { Any, Open, Closed } state = State::Any;
    std::string typed; // words of the name, the whole login, or the beginning of a mail address
    // The directory takes names alone: an address that somebody hides must not be found by typing it.
    enum class Typed { Anything, Name } by = Typed::Anything;
};
struct PeopleKey {
    std::string sort;
    PersonId id;
};
struct PersonRow {
    PersonId id;
    std::string login, name, mail;
    bool disabled = false;
    bool admin = false;
    bool guest = false;
    std::string picture;
    std::string sort;
};
PREAU_DESCRIBE(PersonRow, id, login, name, mail, disabled, admin, guest, picture, sort)
struct PeoplePage {
    std::vector<PersonRow> rows;
    std::optional<PeopleKey> next; // nothing: that was all
};
// A constant number of queries.
PeoplePage list_people(db::Tx& tx, const PeopleFilter& filter, const PeopleKey& after, int limit);

std::vector<std::string> functions_in_use(); // those that the pages offer: "teacher", "head", …

} // namespace preau::identity
