#include "guest_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query insert_guest_sql{"identity.insert_guest", R"(
    INSERT INTO guest (person, sponsor, structure, invited_at) VALUES ($1, $2, $3, $4))"};
const db::Query set_until_sql{"identity.set_guest_until", "UPDATE person SET guest_until = $2 WHERE id = $1"};
const db::Query set_main_sql{"identity.set_guest_structure", "UPDATE person SET main_structure = $2 WHERE id = $1"};

#define GUEST                                                                                                          \
    "SELECT g.person, p.name, p.mail, p.guest_until AS until_at, g.invited_at, g.sponsor, s.name AS sponsor_name,"     \
    " s.mail AS sponsor_mail, s.language AS sponsor_language,"                                                         \
    " CASE WHEN EXISTS (SELECT 1 FROM sign_in_method m WHERE m.person = g.person)"                                     \
    " OR EXISTS (SELECT 1 FROM session v WHERE v.person = g.person) THEN 1 ELSE 0 END AS came"                         \
    " FROM guest g JOIN person p ON p.id = g.person JOIN person s ON s.id = g.sponsor "
const db::Query find_guest_sql{"identity.find_guest", GUEST "WHERE g.person = $1"};
const db::Query guests_of_sql{"identity.guests_of",
                              GUEST "WHERE g.sponsor = $1 ORDER BY p.guest_until DESC, g.person DESC LIMIT $2"};
// Through person_guest_until: those alone whose end lies in these days.
const db::Query ending_sql{"identity.ending_guests",
                           GUEST "WHERE p.guest_until > $1 AND p.guest_until <= $2 AND p.disabled = 0"
                                 " AND g.told_for <> p.guest_until ORDER BY p.guest_until, g.person LIMIT $3"};
#undef GUEST

const db::Query guest_structure_sql{"identity.guest_structure", "SELECT structure FROM guest WHERE person = $1"};
const db::Query count_guests_sql{"identity.count_guests", R"(
    SELECT COUNT(*) FROM (SELECT 1 FROM guest g JOIN person p ON p.id = g.person
                           WHERE g.sponsor = $1 AND p.guest_until > $2 LIMIT $3) few)"};
const db::Query mark_told_sql{"identity.mark_guest_told", "UPDATE guest SET told_for = $2 WHERE person = $1"};

const db::Query nearest_policy_sql{"identity.nearest_guest_policy", R"(
    SELECT y.allowed, y.per_sponsor FROM structure_above a JOIN guest_policy y ON y.structure = a.ancestor
     WHERE a.structure = $1 ORDER BY a.depth LIMIT 1)"};
const db::Query own_policy_sql{"identity.own_guest_policy", R"(
    SELECT allowed, per_sponsor FROM guest_policy WHERE structure = $1)"};
const db::Query put_policy_sql{"identity.put_guest_policy", R"(
    INSERT INTO guest_policy (structure, allowed, per_sponsor) VALUES ($1, $2, $3)
    ON CONFLICT (structure) DO UPDATE SET allowed = excluded.allowed, per_sponsor = excluded.per_sponsor)"};
const db::Query delete_policy_sql{"identity.delete_guest_policy", "DELETE FROM guest_policy WHERE structure = $1"};

} // namespace

void insert_guest(db::Tx& tx, PersonId guest, PersonId sponsor, StructureId structure, Millis now) {
    tx.execute(insert_guest_sql, {guest, sponsor, structure, now});
}
void set_guest_until(db::Tx& tx, PersonId guest, Millis until) { tx.execute(set_until_sql, {guest, until}); }
void set_main_structure(db::Tx& tx, PersonId person, StructureId structure) {
    tx.execute(set_main_sql, {person, structure});
}
std::optional<GuestRow> find_guest(db::Tx& tx, PersonId guest) { return tx.one<GuestRow>(find_guest_sql, {guest}); }
StructureId guest_structure(db::Tx& tx, PersonId guest) {
    return tx.one<StructureId>(guest_structure_sql, {guest}).value_or(StructureId{});
}
std::int64_t count_guests(db::Tx& tx, PersonId sponsor, Millis now, std::int64_t most) {
    return tx.one<std::int64_t>(count_guests_sql, {sponsor, now, most}).value_or(0);
}
std::vector<GuestRow> guests_of(db::Tx& tx, PersonId sponsor, int limit) {
    return tx.all<GuestRow>(guests_of_sql, {sponsor, limit});
}
std::vector<GuestRow> ending_guests(db::Tx& tx, Millis now, Millis before, int limit) {
    return tx.all<GuestRow>(ending_sql, {now, before, limit});
}
void mark_told(db::Tx& tx, PersonId guest, Millis until) { tx.execute(mark_told_sql, {guest, until}); }

std::optional<GuestPolicyRow> nearest_guest_policy(db::Tx& tx, StructureId structure) {
    return tx.one<GuestPolicyRow>(nearest_policy_sql, {structure});
}
std::optional<GuestPolicyRow> own_guest_policy(db::Tx& tx, StructureId structure) {
    return tx.one<GuestPolicyRow>(own_policy_sql, {structure});
}
void put_guest_policy(db::Tx& tx, StructureId structure, const GuestPolicy& policy) {
    tx.execute(put_policy_sql, {structure, policy.allowed, policy.per_sponsor});
}
void delete_guest_policy(db::Tx& tx, StructureId structure) { tx.execute(delete_policy_sql, {structure}); }

} // namespace preau::identity::store
