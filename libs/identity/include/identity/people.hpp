// People, structures (a tree), groups (a class is one), functions.
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "db/database.hpp"
#include "identity/viewer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::identity {

struct Person {
    PersonId id;
    std::string login; // [a-z0-9._-]{2,64}, immutable
    std::string name;
    std::string mail;
    std::string language;
    bool admin = false;
    bool disabled = false;
    Millis created_at = 0;
    std::string picture; // its mark (sharing/face.hpp); empty: none
};
PREAU_DESCRIBE(Person, id, login, name, mail, language, admin, disabled, created_at, picture)

struct NewPerson {
    std::string login, name, mail;
    std::string password_hash; // PHC, empty: no password yet
    bool admin = false;
};
// Errors: identity.login_malformed, identity.login_taken (Conflict), identity.mail_malformed, those of check_line for
// the name.
Result<Person> create_person(db::Tx& tx, IdSource& ids, Millis now, const NewPerson& person);
std::optional<Person> find_person(db::Tx& tx, PersonId id);
std::optional<Person> find_person_by_login(db::Tx& tx, std::string_view login);
std::vector<Person> people_of(db::Tx& tx, const std::vector<std::int64_t>& ids); // one query for a page's authors
bool has_people(db::Tx& tx); // false: a fresh installation
void set_language(db::Tx& tx, PersonId person, std::string_view language);
// As others see them. Errors: those of check_line for "name".
Result<void> set_name(db::Tx& tx, PersonId person, std::string_view name);
void set_password(db::Tx& tx, IdSource& ids, PersonId person, std::string_view phc, Millis now); // replaces
// A disabled person keeps what they made; their sessions end in this transaction, app passwords and links are refused.
void set_disabled(db::Tx& tx, PersonId person, bool disabled);
// For HTTP Basic: 160 random bits in four groups of eight characters, shown once. `label` says which device it is for.
std::string make_app_password(db::Tx& tx, IdSource& ids, Random& random, PersonId person, std::string_view label,
                              Millis now);
struct AppPasswordRow {
    Id<struct AppPasswordTag> id;
    std::string label;
    Millis created_at = 0;
    std::optional<Millis> used_at; // written at most once an hour
};
PREAU_DESCRIBE(AppPasswordRow, id, label, created_at, used_at)
std::vector<AppPasswordRow> app_passwords_of(db::Tx& tx, PersonId person); // latest first
bool revoke_app_password(db::Tx& tx, PersonId person, Id<struct AppPasswordTag> id);
inline constexpr Millis one_time_lifetime = 15_min; // of a link that an administrator hands over
std::string make_one_time_link(db::Tx& tx, IdSource& ids, Random& random, PersonId person, Millis now,
                               Millis lifetime = one_time_lifetime); // token

struct Structure {
    StructureId id;
    StructureId parent;
    std::string name;
    std::string kind; // "ministry", "academy", "department", "school"
    std::string uai;  // national identifier of a school, else empty
    std::string zone; // "Europe/Paris"
};
PREAU_DESCRIBE(Structure, id, parent, name, kind, uai, zone)
// Changes of the tree stand in this lane: two moves at once could close a circle that neither sees.
inline constexpr db::Lane structure_lane{0x5354'5255'4354'5552};
StructureId create_structure(db::Tx& tx, IdSource& ids, const Structure& structure);
// With everything below it; no parent makes it a root. Errors: identity.structure_cycle (Conflict), identity.structure.
Result<void> move_structure(db::Tx& tx, StructureId structure, StructureId parent);
std::vector<Structure> structures_above(db::Tx& tx, StructureId structure); // root first, itself last
// The first one makes the structure the person's main one (time zone, name on the home page).
void add_function(db::Tx& tx, PersonId person, StructureId structure,
                  std::string_view function); // "teacher", "head", "manager"…

struct Group {
    GroupId id;
    std::string name;
    std::string kind; // "group", "class"
    StructureId structure;
};
PREAU_DESCRIBE(Group, id, name, kind, structure)
GroupId create_group(db::Tx& tx, IdSource& ids, const Group& group);
void add_member(db::Tx& tx, GroupId group, PersonId person, std::string_view role); // "member", "owner"
struct Pupil {
    Id<struct PupilTag> id;
    GroupId group;
    std::string name;
};
PREAU_DESCRIBE(Pupil, id, group, name)
void add_pupil(db::Tx& tx, IdSource& ids, GroupId group, std::string_view name);
std::vector<Pupil> pupils_of(db::Tx& tx, GroupId group);
std::vector<Group> groups_of(db::Tx& tx, PersonId person); // without classes that are closed
std::optional<Group> find_group(db::Tx& tx, GroupId id);
std::optional<Structure> find_structure(db::Tx& tx, StructureId id);

std::vector<db::Migration> migrations();

} // namespace preau::identity
