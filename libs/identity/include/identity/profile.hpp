// What people show of themselves, and to whom. A card is seen by those who work somewhere; a line on it by whom its
// person chose; by a guest only of those who are in a group with them, and then without those lines (docs/adr/0016).
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

// Stored as numbers: never change them.
enum class Audience : std::int64_t { Nobody = 0, Colleagues = 1, Staff = 2 };
std::string_view word_of(Audience audience); // "nobody", "colleagues", "staff"
std::optional<Audience> audience_named(std::string_view word);

// Without a row: the mail address for colleagues, as it is of their work, and nothing else.
struct Profile {
    std::string phone, office, about;
    Audience mail_for = Audience::Colleagues;
    Audience phone_for = Audience::Colleagues;
    Audience office_for = Audience::Colleagues;
    Audience about_for = Audience::Colleagues;
};
PREAU_DESCRIBE(Profile, phone, office, about, mail_for, phone_for, office_for, about_for)
inline constexpr std::size_t longest_about = 1000; // characters
Profile profile_of(db::Tx& tx, PersonId person);
// Errors: those of check_line (phone, office), identity.about_words (about), text_not_utf8.
Result<void> set_profile(db::Tx& tx, PersonId person, const Profile& profile);
void set_picture(db::Tx& tx, PersonId person, std::string_view mark); // empty: none

// Works somewhere, or administers all: sees who works here.
bool is_staff(const Viewer& viewer);

// In which quality somebody looks at somebody; the higher see what the lower see.
enum class Standing {
    Group,     // is in a group with them, and works nowhere: name, picture, functions
    Staff,     // works somewhere
    Colleague, // works in a structure that they work in, or below it
    Self,
};
std::optional<Standing> standing_named(std::string_view word); // "staff", "colleague"
bool may_see(Standing standing, Audience audience);

struct FunctionHeld { // in force
    StructureId structure;
    std::string structure_name, function;
};
PREAU_DESCRIBE(FunctionHeld, structure, structure_name, function)

struct Seen {
    Person person;
    Standing standing = Standing::Group;
    bool guest = false;
    std::vector<FunctionHeld> functions;
};
// Nothing: nobody, a closed account, a guest whose time is over, or somebody whom this viewer may not know of. At most
// three queries.
std::optional<Seen> see_person(db::Tx& tx, const Viewer& viewer, PersonId person, Millis now);

} // namespace preau::identity
