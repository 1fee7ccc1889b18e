#include "publishing_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query nearest_policy_sql{"sharing.nearest_policy", R"(
    SELECT p.policy, p.structure FROM structure_above a JOIN public_policy p ON p.structure = a.ancestor
     WHERE a.structure = $1 ORDER BY a.depth LIMIT 1)"};

const db::Query own_policy_sql{"sharing.own_policy", "SELECT policy FROM public_policy WHERE structure = $1"};

const db::Query put_policy_sql{"sharing.put_policy", R"(
    INSERT INTO public_policy (structure, policy, set_by, set_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (structure) DO UPDATE
       SET policy = excluded.policy, set_by = excluded.set_by, set_at = excluded.set_at)"};

const db::Query delete_policy_sql{"sharing.delete_policy", "DELETE FROM public_policy WHERE structure = $1"};

const db::Query insert_publication_sql{"sharing.insert_publication", R"(
    INSERT INTO publication (id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') ON CONFLICT DO NOTHING)"};

const db::Query find_publication_sql{"sharing.find_publication", R"(
    SELECT id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason
      FROM publication WHERE id = $1)"};

const db::Query last_publication_sql{"sharing.last_publication", R"(
    SELECT id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason
      FROM publication WHERE item = $1 ORDER BY id DESC LIMIT 1)"};

// The oldest first: who waits longest is served first. What lies in the trash waits for its return.
const db::Query publications_waiting_sql{"sharing.publications_waiting", R"(
    SELECT id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason
      FROM publication
     WHERE state = 'waiting' AND id > $3
       AND (structure IN (SELECT a.structure FROM person_function f JOIN structure_above a ON a.ancestor = f.structure
                           WHERE f.person = $1 AND f.function IN ('head', 'manager'))
            OR (structure = 0 AND $2 = 1))
     ORDER BY id LIMIT $4)"};

const db::Query settle_sql{"sharing.settle_publication", R"(
    UPDATE publication SET state = $2, decided_by = $3, decided_at = $4, reason = $5
     WHERE id = $1 AND state = 'waiting')"};

const db::Query refused_since_sql{"sharing.refused_since", R"(
    SELECT id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason
      FROM publication p
     WHERE asked_by = $1 AND decided_at > $2 AND state = 'refused'
       AND NOT EXISTS (SELECT 1 FROM publication later WHERE later.item = p.item AND later.id > p.id)
     ORDER BY decided_at DESC LIMIT 20)"};

const db::Query public_grant_sql{"sharing.public_grant", R"(
    SELECT role FROM grant_ WHERE item = $1 AND subject_kind = 5 AND subject = 0 AND (until IS NULL OR until > $2))"};

} // namespace

std::optional<PolicyRow> nearest_policy(db::Tx& tx, StructureId structure) {
    return tx.one<PolicyRow>(nearest_policy_sql, {structure});
}

std::optional<std::string> own_policy(db::Tx& tx, StructureId structure) {
    return tx.one<std::string>(own_policy_sql, {structure});
}

void put_policy(db::Tx& tx, StructureId structure, std::string_view policy, PersonId by, Millis now) {
    tx.execute(put_policy_sql, {structure, policy, by, now});
}

bool delete_policy(db::Tx& tx, StructureId structure) { return tx.execute(delete_policy_sql, {structure}) == 1; }

bool insert_publication(db::Tx& tx, const Publication& request) {
    return tx.execute(insert_publication_sql,
                      {request.id, request.item, request.structure, request.asked_by, request.asked_at, request.until,
                       request.state, request.decided_by, request.decided_at}) == 1;
}

std::optional<Publication> find_publication(db::Tx& tx, PublicationId id) {
    return tx.one<Publication>(find_publication_sql, {id});
}

std::optional<Publication> last_publication(db::Tx& tx, ItemId item) {
    return tx.one<Publication>(last_publication_sql, {item});
}

std::vector<Publication> waiting(db::Tx& tx, PersonId person, bool admin, PublicationId after, int limit) {
    return tx.all<Publication>(publications_waiting_sql, {person, admin, after, limit});
}

bool settle(db::Tx& tx, PublicationId id, std::string_view state, PersonId by, Millis now, std::string_view reason) {
    return tx.execute(settle_sql, {id, state, by, now, reason}) == 1;
}

std::vector<Publication> refused_since(db::Tx& tx, PersonId asked_by, Millis since) {
    return tx.all<Publication>(refused_since_sql, {asked_by, since});
}

std::optional<std::int64_t> public_grant(db::Tx& tx, ItemId item, Millis now) {
    return tx.one<std::int64_t>(public_grant_sql, {item, now});
}

} // namespace preau::sharing::store
