#include "delegation_store.hpp"

namespace preau::identity::store {
namespace {

#define DELEGATION_COLUMNS "d.id, d.person, d.role, d.structure, d.until_at, d.given_by, d.given_at, d.strength"

const db::Query standing_of_sql{"identity.standing_of", "SELECT admin, disabled FROM person WHERE id = $1"};

const db::Query insert_sql{"identity.insert_delegation", R"(
    INSERT INTO delegation (id, person, role, structure, until_at, given_by, given_at, strength)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};

const db::Query find_sql{"identity.find_delegation", "SELECT " DELEGATION_COLUMNS R"( FROM delegation d
     WHERE d.id = $1 AND d.revoked_at IS NULL)"};

const db::Query of_person_sql{"identity.delegations_of", "SELECT " DELEGATION_COLUMNS R"( FROM delegation d
     WHERE d.person = $1 AND d.revoked_at IS NULL AND (d.until_at IS NULL OR d.until_at > $2) ORDER BY d.id)"};

const db::Query all_sql{"identity.all_delegations", "SELECT " DELEGATION_COLUMNS R"( FROM delegation d
     WHERE d.revoked_at IS NULL AND (d.until_at IS NULL OR d.until_at > $1) AND d.id < $2 ORDER BY d.id DESC LIMIT $3)"};

const db::Query near_sql{"identity.delegations_near", "SELECT " DELEGATION_COLUMNS R"( FROM delegation d
     WHERE d.revoked_at IS NULL AND (d.until_at IS NULL OR d.until_at > $1) AND d.id < $2
       AND (d.given_by = $4 OR d.person = $4
            OR EXISTS (SELECT 1 FROM structure_above a WHERE a.structure = d.structure AND a.ancestor $IDS(5)))
     ORDER BY d.id DESC LIMIT $3)"};

const db::Query carries_sql{"identity.delegation_carries", R"(
    WITH RECURSIVE carried (id) AS (
        SELECT id FROM delegation WHERE id = $1 AND revoked_at IS NULL
        UNION SELECT d.id FROM carried c JOIN delegation d ON d.strength = c.id WHERE d.revoked_at IS NULL)
    SELECT id FROM carried ORDER BY id)"};

const db::Query rests_on_sql{"identity.delegation_rests_on", R"(
    WITH RECURSIVE below (id, strength) AS (
        SELECT id, strength FROM delegation WHERE id = $1
        UNION SELECT d.id, d.strength FROM below b JOIN delegation d ON d.id = b.strength)
    SELECT id FROM below)"};

const db::Query as_administrator_sql{"identity.delegations_given_as_administrator", "SELECT " DELEGATION_COLUMNS
                                                                                    R"( FROM delegation d
     WHERE d.given_by = $1 AND d.strength IS NULL AND d.revoked_at IS NULL ORDER BY d.id)"};

const db::Query set_strength_sql{"identity.set_delegation_strength",
                                 "UPDATE delegation SET strength = $2 WHERE id = $1"};

const db::Query uncovered_sql{"identity.delegations_uncovered", R"(
    SELECT d.id FROM delegation d JOIN delegation s ON s.id = d.strength
     WHERE d.revoked_at IS NULL AND s.structure IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM structure_above a
                        WHERE a.structure = d.structure AND a.ancestor = s.structure))"};

const db::Query among_sql{"identity.delegations_among", "SELECT " DELEGATION_COLUMNS R"( FROM delegation d
     WHERE d.id $IDS(1) ORDER BY d.id)"};

const db::Query revoke_sql{"identity.revoke_delegations", R"(
    UPDATE delegation SET revoked_at = $2, revoked_by = $3 WHERE id $IDS(1) AND revoked_at IS NULL)"};

const db::Query stands_in_sql{"identity.stands_in", R"(
    SELECT 1 FROM structure_above WHERE structure = $1 AND ancestor $IDS(2) LIMIT 1)"};

const db::Query works_in_some_sql{"identity.works_in_some", R"(
    SELECT 1 FROM attachment f JOIN structure_above a ON a.structure = f.structure
     WHERE f.person = $1 AND f.state < 2 AND a.ancestor $IDS(2) LIMIT 1)"};

const db::Query works_elsewhere_sql{"identity.works_elsewhere", R"(
    SELECT 1 FROM attachment f
     WHERE f.person = $1 AND f.state < 2
       AND NOT EXISTS (SELECT 1 FROM structure_above a WHERE a.structure = f.structure AND a.ancestor $IDS(2)) LIMIT 1)"};

const db::Query another_administrator_sql{"identity.another_administrator", R"(
    SELECT id FROM person WHERE admin = 1 AND disabled = 0 AND id <> $1 LIMIT 1)"};

const db::Query set_admin_sql{"identity.set_admin", "UPDATE person SET admin = $2 WHERE id = $1"};

template <class Tag> std::optional<std::int64_t> nullable(Id<Tag> id) {
    return id ? std::optional{id.value} : std::nullopt;
}

} // namespace

std::optional<Standing> standing_of(db::Tx& tx, PersonId person) { return tx.one<Standing>(standing_of_sql, {person}); }

void insert_delegation(db::Tx& tx, const Delegation& row) {
    tx.execute(insert_sql, {row.id, row.person, row.role, nullable(row.structure), row.until_at, row.given_by,
                            row.given_at, nullable(row.strength)});
}

std::optional<Delegation> find_delegation(db::Tx& tx, DelegationId id) { return tx.one<Delegation>(find_sql, {id}); }

std::vector<Delegation> delegations_of(db::Tx& tx, PersonId person, Millis now) {
    return tx.all<Delegation>(of_person_sql, {person, now});
}

std::vector<Delegation> all_delegations(db::Tx& tx, DelegationId before, int limit, Millis now) {
    return tx.all<Delegation>(all_sql, {now, before, limit});
}

std::vector<Delegation> delegations_near(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots,
                                         DelegationId before, int limit, Millis now) {
    return tx.all<Delegation>(near_sql, {now, before, limit, person, db::Ids{roots}});
}

std::vector<DelegationId> with_all_it_carries(db::Tx& tx, DelegationId id) {
    return tx.all<DelegationId>(carries_sql, {id});
}

std::vector<DelegationId> rests_on(db::Tx& tx, DelegationId id) { return tx.all<DelegationId>(rests_on_sql, {id}); }
std::vector<Delegation> given_as_administrator(db::Tx& tx, PersonId person) {
    return tx.all<Delegation>(as_administrator_sql, {person});
}

void set_strength(db::Tx& tx, DelegationId id, DelegationId strength) { tx.execute(set_strength_sql, {id, strength}); }

std::vector<DelegationId> uncovered(db::Tx& tx) { return tx.all<DelegationId>(uncovered_sql, {}); }

std::vector<Delegation> delegations_among(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return ids.empty() ? std::vector<Delegation>{} : tx.all<Delegation>(among_sql, {db::Ids{ids}});
}

void revoke(db::Tx& tx, const std::vector<std::int64_t>& ids, PersonId by, Millis now) {
    tx.execute(revoke_sql, {db::Ids{ids}, now, by});
}

bool stands_in(db::Tx& tx, StructureId structure, const std::vector<std::int64_t>& roots) {
    return !roots.empty() && tx.one<std::int64_t>(stands_in_sql, {structure, db::Ids{roots}}).has_value();
}

bool works_in_some(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots) {
    return !roots.empty() && tx.one<std::int64_t>(works_in_some_sql, {person, db::Ids{roots}}).has_value();
}

bool works_elsewhere(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& roots) {
    return tx.one<std::int64_t>(works_elsewhere_sql, {person, db::Ids{roots}}).has_value();
}

bool another_administrator(db::Tx& tx, PersonId than) {
    return tx.one<std::int64_t>(another_administrator_sql, {than}).has_value();
}

void set_admin(db::Tx& tx, PersonId person, bool on) { tx.execute(set_admin_sql, {person, on}); }

} // namespace preau::identity::store
