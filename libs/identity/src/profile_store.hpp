// Rows of what people show of themselves.
#pragma once

#include "identity/profile.hpp"

namespace preau::identity::store {

std::optional<Profile> find_profile(db::Tx& tx, PersonId person);
void put_profile(db::Tx& tx, PersonId person, const Profile& profile);
void set_picture(db::Tx& tx, PersonId person, std::string_view mark);

struct Standee { // who is looked at
    PersonId id;
    std::string login, name, mail, language;
    bool admin = false, disabled = false;
    Millis created_at = 0;
    std::string picture;
    std::optional<Millis> guest_until;
    StructureId guest_structure; // of a guest, else none
    PersonId sponsor;
};
PREAU_DESCRIBE(Standee, id, login, name, mail, language, admin, disabled, created_at, picture, guest_until,
               guest_structure, sponsor)
std::optional<Standee> find_standee(db::Tx& tx, PersonId person);
std::vector<FunctionHeld> functions_held(db::Tx& tx, PersonId person, int limit); // by structure
bool share_group(db::Tx& tx, PersonId one, PersonId other);

} // namespace preau::identity::store
