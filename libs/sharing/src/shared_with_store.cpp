#include "shared_with_store.hpp"

namespace preau::sharing::store {
namespace {

// Through grant_by_subject. What one gave oneself (to a group that one belongs to) is not shared with one.
#define GIVEN                                                                                                          \
    "SELECT g.item AS id, max(g.given_at) AS at FROM grant_ g"                                                         \
    " WHERE g.subject_kind IN (1, 2, 3, 8) AND g.subject $IDS(1) AND g.given_by <> $2"                                 \
    " AND (g.until IS NULL OR g.until > $3)"
#define GIVEN_PAGE                                                                                                     \
    " GROUP BY g.item HAVING max(g.given_at) < $4 OR (max(g.given_at) = $4 AND g.item < $5)"                           \
    " ORDER BY max(g.given_at) DESC, g.item DESC LIMIT $6"
#define HIDDEN " EXISTS (SELECT 1 FROM hidden_share h WHERE h.person = $2 AND h.item = g.item)"

const db::Query given_sql{"sharing.given_to", GIVEN " AND NOT" HIDDEN GIVEN_PAGE};
const db::Query given_hidden_sql{"sharing.given_to_hidden", GIVEN " AND" HIDDEN GIVEN_PAGE};
#undef HIDDEN
#undef GIVEN_PAGE
#undef GIVEN

// Up from each, as far as rights come down.
const db::Query inside_given_sql{"sharing.inside_given", R"(
    WITH RECURSIVE chain (start, depth, id, parent, restricted) AS (
        SELECT i.id, 0, i.id, i.parent, i.restricted FROM item i WHERE i.id $IDS(1)
        UNION ALL
        SELECT c.start, c.depth + 1, p.id, p.parent, p.restricted
          FROM chain c JOIN item p ON p.id = c.parent WHERE c.restricted = 0 AND c.depth < 72)
    SELECT DISTINCT c.start FROM chain c JOIN grant_ g ON g.item = c.id
     WHERE c.depth > 0 AND g.role >= 10 AND g.subject_kind IN (1, 2, 3, 8) AND g.subject $IDS(2)
       AND (g.until IS NULL OR g.until > $3))"};

const db::Query gifts_on_sql{"sharing.gifts_on", R"(
    SELECT item, subject_kind, subject, given_by, given_at FROM grant_
     WHERE item $IDS(1) AND subject_kind IN (1, 2, 3, 8) AND subject $IDS(2) AND (until IS NULL OR until > $3)
     ORDER BY item, given_at DESC)"};

const db::Query hide_sql{"sharing.hide_share", R"(
    INSERT INTO hidden_share (person, item) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};
const db::Query show_sql{"sharing.show_share", "DELETE FROM hidden_share WHERE person = $1 AND item = $2"};

} // namespace

std::vector<GivenRow> given_to(db::Tx& tx, const GivenQuery& query, SharedKey before, int limit) {
    return tx.all<GivenRow>(query.hidden == Hidden::Only ? given_hidden_sql : given_sql,
                            {db::Ids{query.subject_ids}, query.person, query.now, before.at, before.id, limit});
}

std::vector<std::int64_t> inside_given(db::Tx& tx, std::span<const std::int64_t> items,
                                       std::span<const std::int64_t> subject_ids, Millis now) {
    return tx.all<std::int64_t>(inside_given_sql, {db::Ids{items}, db::Ids{subject_ids}, now});
}

std::vector<GiftRow> gifts_on(db::Tx& tx, std::span<const std::int64_t> items,
                              std::span<const std::int64_t> subject_ids, Millis now) {
    return tx.all<GiftRow>(gifts_on_sql, {db::Ids{items}, db::Ids{subject_ids}, now});
}

void hide(db::Tx& tx, PersonId person, ItemId item) { tx.execute(hide_sql, {person, item}); }
void show(db::Tx& tx, PersonId person, ItemId item) { tx.execute(show_sql, {person, item}); }

} // namespace preau::sharing::store
