// Who administers what, and that nobody gives more than they have.
#include "identity/administration.hpp"

#include "delegation_store.hpp"
#include "structure_store.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace preau::identity {
namespace {

using enum AdminRole;
constexpr std::array roles{Administration, People, Structures, Support};

bool held_in(const Delegation& delegation, AdminRole wanted) {
    const auto role = admin_role(delegation.role);
    return role && includes(*role, wanted);
}

std::vector<std::int64_t> numbers(const std::vector<StructureId>& roots) {
    std::vector<std::int64_t> all;
    for (auto root : roots) all.push_back(root.value);
    return all;
}

bool everywhere(const std::vector<StructureId>& roots) {
    return std::ranges::find(roots, StructureId{}) != roots.end();
}

// Lasts at least as long as what is wanted.
bool outlasts(const Delegation& held, std::optional<Millis> until) {
    return !held.until_at || (until && *until <= *held.until_at);
}

bool longer(const Delegation* one, const Delegation& other) {
    constexpr auto forever = std::numeric_limits<Millis>::max();
    return !one || other.until_at.value_or(forever) > one->until_at.value_or(forever);
}

// The one that lasts longest of those from which the wanted may be given.
const Delegation* strength_for(db::Tx& tx, const Rights& giver, const NewDelegation& wanted) {
    const Delegation* best = nullptr;
    for (const auto& held : giver.held) {
        if (!held_in(held, wanted.role)) continue;
        const bool covers =
            !held.structure || (wanted.structure && store::stands_below(tx, wanted.structure, held.structure));
        if (covers && longer(best, held)) best = &held;
    }
    return best;
}

} // namespace

std::string_view word_of(AdminRole role) {
    switch (role) {
    case Administration: return "administration";
    case People: return "people";
    case Structures: return "structures";
    case Support: return "support";
    }
    return "support";
}

std::optional<AdminRole> admin_role(std::string_view word) {
    for (auto role : roles)
        if (word_of(role) == word) return role;
    return std::nullopt;
}

bool includes(AdminRole held, AdminRole wanted) { return held == wanted || held == Administration; }

bool Rights::holds(AdminRole role) const {
    return everything || std::ranges::any_of(held, [role](const auto& one) { return held_in(one, role); });
}

std::vector<StructureId> Rights::roots(AdminRole role) const {
    if (everything) return {StructureId{}};
    std::vector<StructureId> all;
    for (const auto& one : held)
        if (held_in(one, role) && std::ranges::find(all, one.structure) == all.end()) all.push_back(one.structure);
    return all;
}

Rights rights_of(db::Tx& tx, PersonId person, Millis now) {
    Rights rights{.person = person};
    const auto standing = store::standing_of(tx, person);
    if (!standing || standing->disabled) return rights;
    rights.everything = standing->admin;
    rights.held = store::delegations_of(tx, person, now);
    return rights;
}

bool may(db::Tx& tx, const Rights& rights, AdminRole role, StructureId structure) {
    const auto roots = rights.roots(role);
    return everywhere(roots) || (structure && store::stands_in(tx, structure, numbers(roots)));
}

bool reaches(db::Tx& tx, const Rights& rights, AdminRole role, PersonId person) {
    const auto roots = rights.roots(role);
    return everywhere(roots) || store::works_in_some(tx, person, numbers(roots));
}

Result<Person> require_command(db::Tx& tx, const Rights& rights, PersonId id, Millis now) {
    auto person = find_person(tx, id);
    if (!person) return not_found("identity.person");
    if (rights.everything) return *person;
    if (!reaches(tx, rights, People, id)) return forbidden("identity.not_within_reach");
    const auto roots = rights.roots(People);
    const bool beyond = person->admin || (!everywhere(roots) && store::works_elsewhere(tx, id, numbers(roots)));
    if (beyond) return forbidden("identity.account_beyond");
    for (const auto& theirs : store::delegations_of(tx, id, now))
        if (!may(tx, rights, *admin_role(theirs.role), theirs.structure)) return forbidden("identity.account_beyond");
    return *person;
}

Result<Delegation> give_delegation(db::Tx& tx, IdSource& ids, const Rights& giver, const NewDelegation& wanted,
                                   Millis now) {
    const auto receiver = store::standing_of(tx, wanted.person);
    if (!receiver || receiver->disabled) return not_found("identity.person");
    if (wanted.structure && !store::find_structure(tx, wanted.structure)) return not_found("identity.structure");
    if (wanted.person == giver.person) return invalid("person", "identity.delegation_to_oneself");
    if (wanted.until_at && *wanted.until_at <= now) return invalid("until", "identity.delegation_past");
    Delegation made{.id = ids.next_as<DelegationId>(),
                    .person = wanted.person,
                    .role = std::string{word_of(wanted.role)},
                    .structure = wanted.structure,
                    .until_at = wanted.until_at,
                    .given_by = giver.person,
                    .given_at = now};
    if (!giver.everything) {
        const auto* strength = strength_for(tx, giver, wanted);
        if (!strength) return forbidden("identity.delegation_beyond");
        if (!outlasts(*strength, wanted.until_at)) return invalid("until", "identity.delegation_too_long");
        made.strength = strength->id;
    }
    for (const auto& held : store::delegations_of(tx, wanted.person, now))
        if (held.role == made.role && held.structure == made.structure && outlasts(held, made.until_at))
            return fail(Error::Kind::Conflict, "identity.delegation_there");
    store::insert_delegation(tx, made);
    return made;
}

namespace {

bool may_revoke(db::Tx& tx, const Rights& by, const Delegation& delegation) {
    if (by.everything || delegation.given_by == by.person || delegation.person == by.person) return true;
    const auto rests = store::rests_on(tx, delegation.id);
    for (const auto& held : by.held) {
        if (std::ranges::find(rests, held.id) != rests.end()) return true;
        const bool above = held.structure != delegation.structure &&
                           (!held.structure ||
                            (delegation.structure && store::stands_below(tx, delegation.structure, held.structure)));
        if (above && held_in(held, Administration)) return true;
    }
    // What one gave rests on oneself, however long the chain.
    std::vector<std::int64_t> numbers;
    for (auto id : rests) numbers.push_back(id.value);
    return std::ranges::any_of(store::delegations_among(tx, numbers),
                               [&](const auto& one) { return one.given_by == by.person; });
}

std::vector<Delegation> revoke_all(db::Tx& tx, const std::vector<DelegationId>& ids, PersonId by, Millis now) {
    std::vector<std::int64_t> numbers;
    for (auto id : ids) numbers.push_back(id.value);
    auto ended = store::delegations_among(tx, numbers);
    store::revoke(tx, numbers, by, now);
    return ended;
}

} // namespace

Result<std::vector<Delegation>> revoke_delegation(db::Tx& tx, const Rights& by, DelegationId id, Millis now) {
    const auto found = store::find_delegation(tx, id);
    if (!found) return not_found("identity.delegation");
    if (!may_revoke(tx, by, *found)) return forbidden("identity.delegation_not_yours");
    return revoke_all(tx, store::with_all_it_carries(tx, id), by.person, now);
}

std::vector<Delegation> revoke_uncovered(db::Tx& tx, PersonId by, Millis now) {
    std::vector<Delegation> all;
    for (auto id : store::uncovered(tx))
        for (auto& ended : revoke_all(tx, store::with_all_it_carries(tx, id), by, now)) all.push_back(std::move(ended));
    return all;
}

std::optional<Delegation> find_delegation(db::Tx& tx, DelegationId id) { return store::find_delegation(tx, id); }

std::vector<Delegation> delegations_of(db::Tx& tx, PersonId person, Millis now) {
    return store::delegations_of(tx, person, now);
}

std::vector<Delegation> delegations_seen(db::Tx& tx, const Rights& rights, DelegationId before, int limit, Millis now) {
    if (!before) before = DelegationId{std::numeric_limits<std::int64_t>::max()};
    const auto roots = rights.roots(Administration);
    if (everywhere(roots)) return store::all_delegations(tx, before, limit, now);
    return store::delegations_near(tx, rights.person, numbers(roots), before, limit, now);
}

namespace {

// Those that do not rest, however far down, on something that this person gave as administrator of all: what is being
// judged cannot hold itself.
std::vector<Delegation> held_by_others_word(db::Tx& tx, PersonId person, Millis now) {
    auto held = store::delegations_of(tx, person, now);
    std::erase_if(held, [&](const Delegation& one) {
        std::vector<std::int64_t> below;
        for (auto id : store::rests_on(tx, one.id)) below.push_back(id.value);
        return std::ranges::any_of(store::delegations_among(tx, below),
                                   [&](const Delegation& root) { return !root.strength && root.given_by == person; });
    });
    return held;
}

std::vector<Delegation> settle_what_they_gave(db::Tx& tx, PersonId person, PersonId by, Millis now) {
    std::vector<Delegation> ended;
    const Rights left{.person = person, .held = held_by_others_word(tx, person, now)};
    for (const auto& given : store::given_as_administrator(tx, person)) {
        const auto role = admin_role(given.role);
        const auto* strength =
            role ? strength_for(tx, left, {.role = *role, .structure = given.structure, .until_at = given.until_at})
                 : nullptr;
        if (strength && outlasts(*strength, given.until_at)) {
            store::set_strength(tx, given.id, strength->id);
            continue;
        }
        for (auto& one : revoke_all(tx, store::with_all_it_carries(tx, given.id), by, now))
            ended.push_back(std::move(one));
    }
    return ended;
}

} // namespace

Result<std::vector<Delegation>> set_administrator(db::Tx& tx, const Rights& by, PersonId person, bool on, Millis now) {
    if (!by.everything) return forbidden("identity.administrators_only");
    const auto standing = store::standing_of(tx, person);
    if (!standing || (on && standing->disabled)) return not_found("identity.person");
    if (!on && standing->admin && !store::another_administrator(tx, person))
        return fail(Error::Kind::Conflict, "identity.last_administrator");
    store::set_admin(tx, person, on);
    if (on || !standing->admin) return std::vector<Delegation>{};
    return settle_what_they_gave(tx, person, by.person, now);
}

Result<void> close_account(db::Tx& tx, const Rights& by, PersonId id, Millis now) {
    const auto person = TRY(require_command(tx, by, id, now));
    if (person.admin && !store::another_administrator(tx, id))
        return fail(Error::Kind::Conflict, "identity.last_administrator");
    set_disabled(tx, id, true);
    return {};
}

Result<void> open_account(db::Tx& tx, const Rights& by, PersonId id, Millis now) {
    TRY(require_command(tx, by, id, now));
    set_disabled(tx, id, false);
    return {};
}

} // namespace preau::identity
