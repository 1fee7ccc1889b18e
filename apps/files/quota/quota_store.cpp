#include "files/quota/quota_store.hpp"

namespace preau::files::store {
namespace {

const db::Query find_quota_sql{"files.find_quota", R"(
    SELECT i.id AS space, COALESCE(q.used, 0) AS used, q.quota AS quota, COALESCE(p.item, 0) AS personal
      FROM item i LEFT JOIN space_quota q ON q.space = i.id
                  LEFT JOIN personal_space p ON p.person = i.owner AND p.item = i.id
     WHERE i.id = $1)"};

const db::Query ensure_quota_sql{"files.ensure_quota", R"(
    INSERT INTO space_quota (space, used, quota) VALUES ($1, 0, NULL) ON CONFLICT (space) DO NOTHING)"};

// One statement asks and adds. On PostgreSQL a second writer waits at the row and then asks what the first one left.
const db::Query add_used_sql{"files.add_used", R"(
    UPDATE space_quota SET used = used + $2 WHERE space = $1 AND used + $2 <= COALESCE(quota, $3))"};

const db::Query take_used_sql{"files.take_used", R"(
    UPDATE space_quota SET used = used - $2 WHERE space = $1)"};

const db::Query set_used_sql{"files.set_used", R"(
    UPDATE space_quota SET used = $2 WHERE space = $1)"};

const db::Query set_limit_sql{"files.set_limit", R"(
    UPDATE space_quota SET quota = $2 WHERE space = $1)"};

// Down the tree through item_by_sort, whose first column is the parent. What was cut off from its trash to be erased
// (parent -1) counts for the space that it names until it is erased: its bytes are still there.
const db::Query sum_below_sql{"files.sum_below", R"(
    WITH RECURSIVE below (id) AS (
        SELECT id FROM item WHERE id = $1 OR (parent = -1 AND trashed_from = $1)
        UNION ALL SELECT i.id FROM item i JOIN below b ON i.parent = b.id)
    SELECT CAST(COALESCE(sum(f.size), 0) AS BIGINT) AS bytes FROM below b JOIN file f ON f.item = b.id)"};

const db::Query miscounts_sql{"files.miscounts", R"(
    WITH RECURSIVE below (space, id) AS (
        SELECT CASE WHEN parent = 0 THEN id ELSE COALESCE(trashed_from, 0) END, id FROM item WHERE parent <= 0
        UNION ALL SELECT b.space, i.id FROM item i JOIN below b ON i.parent = b.id),
    sums (space, bytes) AS (
        SELECT b.space, CAST(sum(f.size) AS BIGINT) FROM below b JOIN file f ON f.item = b.id GROUP BY b.space)
    SELECT q.space AS space, q.used AS kept, COALESCE(s.bytes, 0) AS counted
      FROM space_quota q LEFT JOIN sums s ON s.space = q.space WHERE q.used <> COALESCE(s.bytes, 0)
     UNION ALL
    SELECT s.space, 0, s.bytes FROM sums s
     WHERE s.bytes <> 0 AND NOT EXISTS (SELECT 1 FROM space_quota q WHERE q.space = s.space)
     LIMIT $1)"};

// Up the tree, to the space or to what was cut off and names its space.
const db::Query weighed_sql{"files.weighed", R"(
    WITH RECURSIVE above (item, id) AS (
        SELECT f.item, f.item FROM file f WHERE f.item $IDS(1)
        UNION ALL SELECT a.item, i.parent FROM above a JOIN item i ON i.id = a.id WHERE i.parent > 0)
    SELECT CASE WHEN i.parent = 0 THEN i.id ELSE COALESCE(i.trashed_from, 0) END AS space,
           CAST(sum(f.size) AS BIGINT) AS bytes
      FROM above a JOIN item i ON i.id = a.id JOIN file f ON f.item = a.item
     WHERE i.parent <= 0 GROUP BY 1 ORDER BY 1)"};

} // namespace

std::optional<QuotaRow> find_quota(db::Tx& tx, ItemId space) { return tx.one<QuotaRow>(find_quota_sql, {space}); }
void ensure_quota(db::Tx& tx, ItemId space) { tx.execute(ensure_quota_sql, {space}); }

bool add_used(db::Tx& tx, ItemId space, std::int64_t bytes, std::int64_t default_limit) {
    return tx.execute(add_used_sql, {space, bytes, default_limit}) == 1;
}

void take_used(db::Tx& tx, ItemId space, std::int64_t bytes) { tx.execute(take_used_sql, {space, bytes}); }
void set_used(db::Tx& tx, ItemId space, std::int64_t bytes) { tx.execute(set_used_sql, {space, bytes}); }

void set_limit(db::Tx& tx, ItemId space, std::optional<std::int64_t> limit) {
    tx.execute(set_limit_sql, {space, limit});
}

std::int64_t sum_below(db::Tx& tx, ItemId item) { return tx.one<std::int64_t>(sum_below_sql, {item}).value_or(0); }
std::vector<Weighed> weighed(db::Tx& tx, const std::vector<std::int64_t>& files) {
    return tx.all<Weighed>(weighed_sql, {db::Ids{files}});
}
std::vector<Miscount> miscounts(db::Tx& tx, int most) { return tx.all<Miscount>(miscounts_sql, {most}); }

} // namespace preau::files::store
