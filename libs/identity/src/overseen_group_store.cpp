#include "overseen_group_store.hpp"

namespace preau::identity::store {
namespace {

// Of at most so many: a part with few groups is gathered through structure_above_by_ancestor and group_by_structure.
const db::Query few_below_sql{"identity.few_groups_below", R"(
    SELECT COUNT(*) AS count FROM (
        SELECT 1 FROM structure_above a JOIN group_ g ON g.structure = a.structure WHERE a.ancestor = $1 LIMIT $2
    ) AS taken)"};

// $3 kind or '', $4 state: 0 open, 1 closed, 2 any. CROSS JOIN keeps SQLite from turning the order round.
#define PASSES R"(($3 = '' OR g.kind = $3) AND ($4 = 2 OR CASE WHEN g.closed_at IS NULL THEN 0 ELSE 1 END = $4))"

const db::Query below_sql{"identity.groups_below", "SELECT g.id, g.name FROM structure_above a"
                                                   " CROSS JOIN group_ g WHERE g.structure = a.structure"
                                                   " AND a.ancestor = $1 AND (g.sort, g.id) > ($5, $6) AND " PASSES
                                                   " ORDER BY g.sort, g.id LIMIT $2"};

// Two ranges of group_by_name, each cut at the limit before they are put together.
const db::Query in_order_sql{"identity.groups_in_order", R"(
    SELECT id, key FROM (
        SELECT * FROM (SELECT id, sort AS key FROM group_
                        WHERE kind = 'class' AND (sort, id) > ($1, $2) AND $3 <> 'group'
                        ORDER BY sort, id LIMIT $4) AS classes
         UNION ALL
        SELECT * FROM (SELECT id, sort AS key FROM group_
                        WHERE kind = 'group' AND (sort, id) > ($1, $2) AND $3 <> 'class'
                        ORDER BY sort, id LIMIT $4) AS groups_) AS both_
     ORDER BY key, id LIMIT $4)"};

// "Led" is a probe of group_member_leading a row.
const db::Query among_sql{"identity.overseen_among", R"(
    SELECT g.id, g.name, g.kind, COALESCE(g.structure, 0) AS structure, COALESCE(s.name, '') AS place,
           COALESCE(c.year, g.year) AS year, g.members, CASE WHEN g.closed_at IS NULL THEN 0 ELSE 1 END AS closed,
           CASE WHEN EXISTS (SELECT 1 FROM group_member m JOIN person p ON p.id = m.person
                              WHERE m.group_id = g.id AND m.role = 'owner' AND m.role <> 'member' AND p.disabled = 0)
                THEN 1 ELSE 0 END AS led, g.sort
      FROM group_ g LEFT JOIN structure s ON s.id = g.structure LEFT JOIN closed_class c ON c.class = g.id
     WHERE g.id $IDS(1) AND (CAST($2 AS BIGINT) = 0 OR EXISTS (
           SELECT 1 FROM structure_above a WHERE a.structure = g.structure AND a.ancestor = $2)) AND )" PASSES
                                                     " ORDER BY g.sort, g.id"};
#undef PASSES

std::int64_t number(GroupFilter::State state) {
    using enum GroupFilter::State;
    return state == Any ? 2 : state == Closed ? 1 : 0;
}

} // namespace

bool few_groups_below(db::Tx& tx, StructureId structure, int most) {
    return tx.one<std::int64_t>(few_below_sql, {structure, most + 1}).value_or(0) <= most;
}
std::vector<NamedGroup> groups_below(db::Tx& tx, const GroupFilter& filter, const NameKey& after, int limit) {
    return tx.all<NamedGroup>(below_sql,
                              {filter.structure, limit, filter.kind, number(filter.state), after.sort, after.id});
}
std::vector<GroupHit> groups_in_order(db::Tx& tx, std::string_view kind, const NameKey& after, int limit) {
    return tx.all<GroupHit>(in_order_sql, {after.sort, after.id, kind, limit});
}
std::vector<OverseenGroup> overseen_among(db::Tx& tx, const GroupFilter& filter, const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return tx.all<OverseenGroup>(among_sql, {db::Ids{ids}, filter.structure, filter.kind, number(filter.state)});
}

} // namespace preau::identity::store
