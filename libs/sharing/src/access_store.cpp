#include "access_store.hpp"

#include <algorithm>

namespace preau::sharing::store {
namespace {

constexpr int longest_chain = 72; // levels that are looked at

// Walks up by primary key and meets the grants of each level through the primary key of grant_. 72 levels
// (longest_chain): above the limit of 64, so that a chain which is too long is seen to have no root and then gives
// nobody anything. The item itself is one row more, marked by depth -1 and laid into the same columns: joined to the
// chain it would cost a look-up per grant (measured: 22 instead of 31 microseconds with 50 grants). Column numbers are
// used below: keep the order.
const db::Query chain_sql{"sharing.chain", R"(
    WITH RECURSIVE chain (depth, id, parent, restricted, trash) AS (
        SELECT 0, i.id, i.parent, i.restricted,
               CASE WHEN i.kind = 'trash' OR (i.parent = 0 AND i.trashed_at IS NOT NULL) THEN 1 ELSE 0 END
          FROM item i WHERE i.id = $1
        UNION ALL
        SELECT c.depth + 1, p.id, p.parent, p.restricted,
               CASE WHEN p.kind = 'trash' OR (p.parent = 0 AND p.trashed_at IS NOT NULL) THEN 1 ELSE 0 END
          FROM chain c JOIN item p ON p.id = c.parent WHERE c.depth < 72)
    SELECT c.depth, c.id, c.parent, c.restricted, c.trash,
           g.subject_kind, g.subject, g.role, g.deposit, g.until, g.given_by, '', ''
      FROM chain c LEFT JOIN grant_ g ON g.item = c.id
    UNION ALL
    SELECT -1, o.id, o.parent, o.restricted, o.height,
           o.owner, o.revision, o.created_at, o.changed_at, o.trashed_at, o.trashed_from, o.kind, o.title
      FROM item o WHERE o.id = $1)"};

// Each level once, however many of the items stand below it: those of a page share nearly all of them. A circle ends by
// itself, as nothing new comes.
const db::Query chains_sql{"sharing.chains", R"(
    WITH RECURSIVE up (id, parent, restricted, trash) AS (
        SELECT i.id, i.parent, i.restricted,
               CASE WHEN i.kind = 'trash' OR (i.parent = 0 AND i.trashed_at IS NOT NULL) THEN 1 ELSE 0 END
          FROM item i WHERE i.id $IDS(1)
        UNION
        SELECT p.id, p.parent, p.restricted,
               CASE WHEN p.kind = 'trash' OR (p.parent = 0 AND p.trashed_at IS NOT NULL) THEN 1 ELSE 0 END
          FROM up u JOIN item p ON p.id = u.parent)
    SELECT 0, u.id, u.parent, u.restricted, u.trash,
           g.subject_kind, g.subject, g.role, g.deposit, g.until, g.given_by
      FROM up u LEFT JOIN grant_ g ON g.item = u.id)"};

const db::Query put_grant_sql{"sharing.put_grant", R"(
    INSERT INTO grant_ (item, subject_kind, subject, role, deposit, until, given_by, given_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (item, subject_kind, subject) DO UPDATE
       SET role = excluded.role, deposit = excluded.deposit, until = excluded.until, given_by = excluded.given_by,
           given_at = excluded.given_at)"};

const db::Query delete_grant_sql{"sharing.delete_grant", R"(
    DELETE FROM grant_ WHERE item = $1 AND subject_kind = $2 AND subject = $3)"};

const db::Query grants_on_sql{"sharing.grants_on", R"(
    SELECT item, subject_kind, subject, role, until, given_by, deposit FROM grant_ WHERE item = $1
     ORDER BY subject_kind, subject)"};

const db::Query grants_among_sql{"sharing.grants_among", R"(
    SELECT item, subject_kind, subject, role, until, given_by, deposit FROM grant_ WHERE item $IDS(1)
     ORDER BY item, subject_kind, subject)"};

const db::Query set_restricted_sql{"sharing.set_restricted", "UPDATE item SET restricted = $2 WHERE id = $1"};

void read_level(const db::Row& row, ChainRow& level) {
    level.depth = static_cast<int>(row.integer(0));
    level.id = row.integer(1);
    level.parent = row.integer(2);
    level.restricted = row.integer(3) != 0;
    level.trash = row.integer(4) != 0;
    level.has_grant = !row.null(5);
    if (!level.has_grant) return;
    level.grant.item = ItemId{level.id};
    level.grant.subject_kind = static_cast<Subject::Kind>(row.integer(5));
    level.grant.subject = row.integer(6);
    level.grant.role = static_cast<Role>(row.integer(7));
    level.grant.deposit = row.integer(8) != 0;
    level.grant.until = row.null(9) ? std::nullopt : std::optional{row.integer(9)};
    level.grant.given_by = PersonId{row.integer(10)};
}

Item read_item(const db::Row& row) {
    return {.id = ItemId{row.integer(1)},
            .parent = ItemId{row.integer(2)},
            .kind = std::string{row.text(11)},
            .title = std::string{row.text(12)},
            .owner = PersonId{row.integer(5)},
            .restricted = row.integer(3) != 0,
            .revision = row.integer(6),
            .created_at = row.integer(7),
            .changed_at = row.integer(8),
            .trashed_at = row.null(9) ? std::nullopt : std::optional{row.integer(9)},
            .trashed_from = ItemId{row.null(10) ? 0 : row.integer(10)}};
}

} // namespace

std::optional<ChainEnd> each_of_chain(db::Tx& tx, ItemId item, const SeeChainRow& see) {
    std::optional<ChainEnd> found;
    ItemId root; // the level without a parent; none where the chain is broken or too long
    ChainRow level{.start = item.value};
    tx.each(chain_sql, {item}, [&](const db::Row& row) {
        if (row.integer(0) < 0) {
            found = ChainEnd{.item = read_item(row), .height = static_cast<int>(row.integer(4))};
            return;
        }
        read_level(row, level);
        if (level.parent == 0) root = ItemId{level.id};
        see(level);
    });
    if (found) found->item.space = root;
    return found;
}

void each_of_chains(db::Tx& tx, std::span<const std::int64_t> items, const SeeChainRow& see) {
    std::vector<ChainRow> levels; // of every chain that goes through them
    tx.each(chains_sql, {db::Ids{items}}, [&](const db::Row& row) { read_level(row, levels.emplace_back()); });
    std::ranges::sort(levels, {}, &ChainRow::id);
    for (auto start : items) {
        auto id = start;
        for (int depth = 0; depth <= longest_chain && id != 0; ++depth) {
            auto here = std::ranges::equal_range(levels, id, {}, &ChainRow::id);
            id = here.empty() ? 0 : here.front().parent;
            for (auto& level : here) {
                level.start = start;
                level.depth = depth;
                see(level);
            }
        }
    }
}

bool put_grant(db::Tx& tx, const Grant& grant, Millis now) {
    return tx.execute(put_grant_sql,
                      {grant.item, static_cast<std::int64_t>(grant.subject_kind), grant.subject,
                       static_cast<std::int64_t>(grant.role), grant.deposit, grant.until, grant.given_by, now}) == 1;
}

bool delete_grant(db::Tx& tx, ItemId item, Subject subject) {
    return tx.execute(delete_grant_sql, {item, static_cast<std::int64_t>(subject.kind), subject.id}) == 1;
}

std::vector<Grant> grants_on(db::Tx& tx, ItemId item) { return tx.all<Grant>(grants_on_sql, {item}); }

std::vector<Grant> grants_among(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<Grant>(grants_among_sql, {db::Ids{items}});
}

void set_restricted(db::Tx& tx, ItemId item, bool on) { tx.execute(set_restricted_sql, {item, on}); }

} // namespace preau::sharing::store
