#include "profile_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query find_profile_sql{"identity.find_profile", R"(
    SELECT phone, office, about, mail_for, phone_for, office_for, about_for FROM person_profile WHERE person = $1)"};

const db::Query put_profile_sql{"identity.put_profile", R"(
    INSERT INTO person_profile (person, phone, office, about, mail_for, phone_for, office_for, about_for)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (person) DO UPDATE SET phone = excluded.phone, office = excluded.office, about = excluded.about,
        mail_for = excluded.mail_for, phone_for = excluded.phone_for, office_for = excluded.office_for,
        about_for = excluded.about_for)"};

const db::Query set_picture_sql{"identity.set_picture", "UPDATE person SET picture = $2 WHERE id = $1"};

const db::Query find_standee_sql{"identity.find_standee", R"(
    SELECT p.id, p.login, p.name, p.mail, p.language, p.admin, p.disabled, p.created_at, p.picture, p.guest_until,
           COALESCE(g.structure, 0) AS guest_structure, COALESCE(g.sponsor, 0) AS sponsor
      FROM person p LEFT JOIN guest g ON g.person = p.id WHERE p.id = $1)"};

const db::Query functions_held_sql{"identity.functions_held", R"(
    SELECT f.structure, s.name AS structure_name, f.function
      FROM person_function f JOIN structure s ON s.id = f.structure
     WHERE f.person = $1 ORDER BY f.structure, f.function LIMIT $2)"};

// From the smaller side, which is the viewer's: two keys of group_member are looked up for each group that they are in.
const db::Query share_group_sql{"identity.share_group", R"(
    SELECT 1 FROM group_member a JOIN group_member b ON b.group_id = a.group_id AND b.person = $2
     WHERE a.person = $1 LIMIT 1)"};

} // namespace

std::optional<Profile> find_profile(db::Tx& tx, PersonId person) { return tx.one<Profile>(find_profile_sql, {person}); }

void put_profile(db::Tx& tx, PersonId person, const Profile& profile) {
    tx.execute(put_profile_sql, {person, profile.phone, profile.office, profile.about, profile.mail_for,
                                 profile.phone_for, profile.office_for, profile.about_for});
}

void set_picture(db::Tx& tx, PersonId person, std::string_view mark) { tx.execute(set_picture_sql, {person, mark}); }

std::optional<Standee> find_standee(db::Tx& tx, PersonId person) { return tx.one<Standee>(find_standee_sql, {person}); }

std::vector<FunctionHeld> functions_held(db::Tx& tx, PersonId person, int limit) {
    return tx.all<FunctionHeld>(functions_held_sql, {person, limit});
}

bool share_group(db::Tx& tx, PersonId one, PersonId other) {
    return tx.one<std::int64_t>(share_group_sql, {one, other}).has_value();
}

} // namespace preau::identity::store
