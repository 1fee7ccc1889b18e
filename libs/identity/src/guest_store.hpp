// Rows of guests.
#pragma once

#include "identity/guests.hpp"

namespace preau::identity::store {

void insert_guest(db::Tx& tx, PersonId guest, PersonId sponsor, StructureId structure, Millis now);
void set_guest_until(db::Tx& tx, PersonId guest, Millis until);
void set_main_structure(db::Tx& tx, PersonId person, StructureId structure);
std::optional<GuestRow> find_guest(db::Tx& tx, PersonId guest);
StructureId guest_structure(db::Tx& tx, PersonId guest); // none: not a guest
std::int64_t count_guests(db::Tx& tx, PersonId sponsor, Millis now, std::int64_t most); // who have not ended
std::vector<GuestRow> guests_of(db::Tx& tx, PersonId sponsor, int limit);
std::vector<GuestRow> ending_guests(db::Tx& tx, Millis now, Millis before, int limit);
void mark_told(db::Tx& tx, PersonId guest, Millis until);

struct GuestPolicyRow {
    bool allowed = true;
    std::int64_t per_sponsor = 0;
};
PREAU_DESCRIBE(GuestPolicyRow, allowed, per_sponsor)
std::optional<GuestPolicyRow> nearest_guest_policy(db::Tx& tx, StructureId structure);
std::optional<GuestPolicyRow> own_guest_policy(db::Tx& tx, StructureId structure);
void put_guest_policy(db::Tx& tx, StructureId structure, const GuestPolicy& policy);
void delete_guest_policy(db::Tx& tx, StructureId structure);

} // namespace preau::identity::store
