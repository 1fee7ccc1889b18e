#pragma once

#include "sharing/link.hpp"

namespace preau::sharing::store {

// Managed by the leaver, and by nobody else without an end.
std::vector<ItemId> teams_managed_only_by(db::Tx& tx, PersonId person);
bool holds_anything(db::Tx& tx, ItemId space); // besides an empty trash
// The personal space of `person` is a team's from now on. `sort` as for every title.
void turn_into_team(db::Tx& tx, PersonId person, ItemId space, std::string_view title, PersonId owner, Millis now);
std::vector<LinkId> live_links_of(db::Tx& tx, PersonId maker, int limit);
std::vector<ItemId> published_by(db::Tx& tx, PersonId giver, int limit);
int pass_links_on(db::Tx& tx, PersonId from, PersonId to); // live ones
void pass_given_rights_on(db::Tx& tx, PersonId from, PersonId to); // "given by" of the rights in others' lists
int take_rights_back(db::Tx& tx, PersonId person);

} // namespace preau::sharing::store
