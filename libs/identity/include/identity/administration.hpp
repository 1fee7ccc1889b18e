// Who administers what. Administrators of all stand in `person.admin`; everybody else administers a part of the tree by
// delegation: a role, a structure with all below it, perhaps an end. Nobody gives more than they have, and what was
// given on the strength of a delegation ends with it.
//
// How a service asks, in the transaction that acts (never with what the page knew: it may be a minute old):
//
//   auto rights = identity::rights_of(tx, viewer.person, now);
//   if (!identity::may(tx, rights, AdminRole::People, structure)) return forbidden("admin.not_yours");
//
// Writes that give or take rights, close accounts or change the tree hold administration_lanes(): two administrators
// who remove each other at the same moment come one after the other, and the second has nothing left to remove with.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <vector>

namespace preau::identity {

using DelegationId = Id<struct DelegationTag>;

enum class AdminRole { Administration, People, Structures, Support };
std::string_view word_of(AdminRole role); // "administration", "people", "structures", "support"
std::optional<AdminRole> admin_role(std::string_view word);
// Administration holds all others; the others hold themselves.
bool includes(AdminRole held, AdminRole wanted);

struct Delegation {
    DelegationId id;
    PersonId person;
    std::string role;
    StructureId structure; // none: everywhere
    std::optional<Millis> until_at;
    PersonId given_by;
    Millis given_at = 0;
    DelegationId strength; // none: given by an administrator of all
};
PREAU_DESCRIBE(Delegation, id, person, role, structure, until_at, given_by, given_at, strength)

struct Rights {
    PersonId person;
    bool everything = false; // administrator of all
    std::vector<Delegation> held; // that hold now
    bool any() const { return everything || !held.empty(); }
    bool holds(AdminRole role) const; // somewhere
    // Roots of what is administered in this role; a none among them: everywhere. Nothing: nowhere.
    std::vector<StructureId> roots(AdminRole role) const;
};
Rights rights_of(db::Tx& tx, PersonId person, Millis now); // none of a closed account; two queries
// In this structure; of no structure: everywhere.
bool may(db::Tx& tx, const Rights& rights, AdminRole role, StructureId structure);
// Somebody who works, or will work, in what is administered in this role: to look at, to give functions to.
bool reaches(db::Tx& tx, const Rights& rights, AdminRole role, PersonId person);
// The account as a whole (closing it, a new way to sign in, its sessions): all functions of that person and all that
// they administer must lie in what one administers oneself, or a delegate of one school would sign in as the rector
// who also teaches there. Errors: identity.person, identity.not_within_reach, identity.account_beyond.
Result<Person> require_command(db::Tx& tx, const Rights& rights, PersonId person, Millis now);

inline constexpr db::Lane administration_lane{0x4144'4d49'4e49'5354};
inline std::vector<db::Lane> administration_lanes() { return {administration_lane, structure_lane}; }

struct NewDelegation {
    PersonId person;
    AdminRole role = AdminRole::Support;
    StructureId structure;
    std::optional<Millis> until_at;
};
// Errors: identity.person, identity.structure, identity.delegation_to_oneself, identity.delegation_past,
// identity.delegation_beyond (Forbidden), identity.delegation_too_long, identity.delegation_there (Conflict).
Result<Delegation> give_delegation(db::Tx& tx, IdSource& ids, const Rights& giver, const NewDelegation& wanted,
                                   Millis now);
// With all that was given on its strength; answers all of them, it first. Who may: administrators of all, whoever gave
// it or a delegation that it rests on, who holds it (to lay it down), and who has the administration of a structure
// above. Errors: identity.delegation (unknown, or ended), identity.delegation_not_yours (Forbidden).
Result<std::vector<Delegation>> revoke_delegation(db::Tx& tx, const Rights& by, DelegationId delegation, Millis now);
// After a structure moved: what rests on a delegation that does not stand above it any more.
std::vector<Delegation> revoke_uncovered(db::Tx& tx, PersonId by, Millis now);
std::optional<Delegation> find_delegation(db::Tx& tx, DelegationId id); // that holds, or is only past its end
std::vector<Delegation> delegations_of(db::Tx& tx, PersonId person, Millis now); // that hold now
// Those that these rights could revoke or hold: of administrators of all, all. Latest first, keyed.
std::vector<Delegation> delegations_seen(db::Tx& tx, const Rights& rights, DelegationId before, int limit, Millis now);

// Errors of both: identity.person, identity.last_administrator (Conflict), identity.administrators_only (Forbidden).
// Who is administrator of all no more has given what they still may give, on the strength of the delegations that they
// hold; the rest of what they gave ends with all that it carries, and is answered.
Result<std::vector<Delegation>> set_administrator(db::Tx& tx, const Rights& by, PersonId person, bool on, Millis now);
// Reversible, and ends nothing that the person gave: to end it too, take the rights away.
Result<void> close_account(db::Tx& tx, const Rights& by, PersonId person, Millis now);
Result<void> open_account(db::Tx& tx, const Rights& by, PersonId person, Millis now);

} // namespace preau::identity
