// Rows of rosters and their changes.
#pragma once

#include "identity/roster.hpp"

namespace preau::identity::store {

void put_pupil(db::Tx& tx, const Pupil& pupil, std::string_view sort_key); // new, or another name

struct RosterChangeRow {
    RosterChangeId id;
    std::string before, after;
};
PREAU_DESCRIBE(RosterChangeRow, id, before, after)
void insert_roster_change(db::Tx& tx, const RosterChangeRow& row, const RosterWish& wish, Millis now);
std::optional<RosterChangeRow> find_roster_change(db::Tx& tx, GroupId group, RosterChangeId id);
void delete_roster_changes(db::Tx& tx, GroupId group, RosterChangeId from); // it and later ones
void forget_roster_changes(db::Tx& tx, GroupId group, Millis before);

} // namespace preau::identity::store
