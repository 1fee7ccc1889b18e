#include "team_store.hpp"

namespace preau::sharing::store {
namespace {

// Through grant_by_subject; people, groups and structures.
const db::Query team_grants_sql{"sharing.team_grants", R"(
    SELECT i.id, i.title, i.sort, i.trashed_at, g.subject_kind, g.subject, g.role,
           CASE WHEN EXISTS (SELECT 1 FROM archived_grant a WHERE a.item = i.id AND a.subject_kind = 2)
                 AND NOT EXISTS (SELECT 1 FROM grant_ o WHERE o.item = i.id AND o.subject_kind IN (2, 3, 8)
                                    AND o.role > 10 AND (o.until IS NULL OR o.until > $2))
                THEN 1 ELSE 0 END AS archived
      FROM grant_ g JOIN item i ON i.id = g.item
     WHERE g.subject_kind IN (1, 2, 3, 8) AND g.subject $IDS(1) AND (g.until IS NULL OR g.until > $2)
       AND i.kind = 'team' AND i.parent = 0)"};

const db::Query trash_team_sql{"sharing.trash_team", R"(
    UPDATE item SET trashed_at = $2, revision = revision + 1 WHERE id = $1 AND parent = 0 AND trashed_at IS NULL)"};

const db::Query restore_team_sql{"sharing.restore_team", R"(
    UPDATE item SET trashed_at = NULL, revision = revision + 1
     WHERE id = $1 AND parent = 0 AND trashed_at IS NOT NULL)"};

} // namespace

std::vector<TeamGrant> team_grants(db::Tx& tx, std::span<const std::int64_t> subject_ids, Millis now) {
    return tx.all<TeamGrant>(team_grants_sql, {db::Ids{subject_ids}, now});
}

bool set_team_trashed(db::Tx& tx, ItemId team, std::optional<Millis> at) {
    return (at ? tx.execute(trash_team_sql, {team, *at}) : tx.execute(restore_team_sql, {team})) == 1;
}

} // namespace preau::sharing::store
