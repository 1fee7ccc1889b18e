// Rows of delegations and administrators.
#pragma once

#include "identity/administration.hpp"

namespace preau::identity::store {

struct Standing {
    bool admin = false;
    bool disabled = false;
};
PREAU_DESCRIBE(Standing, admin, disabled)
std::optional<Standing> standing_of(db::Tx& tx, PersonId person);

void insert_delegation(db::Tx& tx, const Delegation& delegation);
std::optional<Delegation> find_delegation(db::Tx& tx, DelegationId id);
std::vector<Delegation> delegations_of(db::Tx& tx, PersonId person, Millis now);
std::vector<Delegation> all_delegations(db::Tx& tx, DelegationId before, int limit, Millis now);
// Given by the person, or for a structure in or below one of `roots`.
std::vector<Delegation> delegations_near(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots,
                                         DelegationId before, int limit, Millis now);
std::vector<DelegationId> with_all_it_carries(db::Tx& tx, DelegationId id); // itself, and what rests on it
std::vector<DelegationId> rests_on(db::Tx& tx, DelegationId id);             // itself, and what it rests on
std::vector<Delegation> given_as_administrator(db::Tx& tx,
                                               PersonId person); // on no delegation's strength, not withdrawn
void set_strength(db::Tx& tx, DelegationId id, DelegationId strength);
std::vector<DelegationId> uncovered(db::Tx& tx);
std::vector<Delegation> delegations_among(db::Tx& tx, const std::vector<std::int64_t>& ids);
void revoke(db::Tx& tx, const std::vector<std::int64_t>& ids, PersonId by, Millis now);

bool stands_in(db::Tx& tx, StructureId structure, const std::vector<std::int64_t>& roots);
bool works_in_some(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots);
bool works_elsewhere(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots);

bool another_administrator(db::Tx& tx, PersonId than); // whose account is open
void set_admin(db::Tx& tx, PersonId person, bool on);

} // namespace preau::identity::store
