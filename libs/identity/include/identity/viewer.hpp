// Who is asking: a person, a link holder or a stranger, everywhere.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace preau {

using PersonId = Id<struct PersonTag>;
using GroupId = Id<struct GroupTag>;
using StructureId = Id<struct StructureTag>;
using SessionId = Id<struct SessionTag>;
using LinkId = Id<struct LinkTag>;

// Who may be given something. Stored as two integers; the numbers are part of the schema, never change them.
struct Subject {
    enum class Kind : std::int64_t {
        Person = 1,
        Group = 2,     // a class is a group; its staff are its members
        Structure = 3, // everyone with a function in it or in a structure below it
        SignedIn = 4,  // id 0
        Public = 5,    // id 0
        Link = 6,      // who came by that secret address
        Families = 7,  // id of the class: who came by its class link or one of its pupils' links
        Function = 8,  // everyone with one function in a structure or below it: identity/functions.hpp
    };
    Kind kind = Kind::Public;
    std::int64_t id = 0;
    friend auto operator<=>(const Subject&, const Subject&) = default;
};
inline Subject subject(PersonId id) { return {Subject::Kind::Person, id.value}; }
inline Subject subject(GroupId id) { return {Subject::Kind::Group, id.value}; }
inline Subject subject(StructureId id) { return {Subject::Kind::Structure, id.value}; }
inline Subject subject(LinkId id) { return {Subject::Kind::Link, id.value}; }
inline Subject families(GroupId id) { return {Subject::Kind::Families, id.value}; }
inline constexpr Subject signed_in{Subject::Kind::SignedIn, 0};
inline constexpr Subject everybody{Subject::Kind::Public, 0};

struct Viewer {
    enum class Kind { Stranger, LinkHolder, Person };
    Kind kind = Kind::Stranger;
    PersonId person;      // of a Person
    SessionId session;    // of a Person who came by session cookie, not by app password
    std::string name;     // "Camille Bernard", or the name that a link holder gave on entry
    std::string login;
    std::string language; // "fr", "en", or empty: not chosen
    std::string picture;  // mark of a person's picture (sharing/face.hpp), or empty
    std::string zone = "Europe/Paris"; // time zone of the main structure
    std::string structure_name;        // of the main structure
    bool admin = false;   // administrator of all: sees no content by that alone
    bool guest = false;   // has a sponsor and an end (identity/guests.hpp): is not `signed_in`, has no directory
    std::vector<LinkId> links; // passes that are valid now
    std::vector<Subject> subjects = {everybody}; // everything a grant may name for this viewer, sorted

    bool is_person() const { return kind == Kind::Person; }
    bool is(Subject which) const { return std::binary_search(subjects.begin(), subjects.end(), which); }
};

} // namespace preau
