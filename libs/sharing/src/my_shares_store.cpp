#include "my_shares_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query links_made_by_sql{"sharing.links_made_by", R"(
    SELECT l.id, l.item, l.class AS "group", l.pupil, l.role, l.deposit, l.label, l.until, l.revoked_at,
           CASE WHEN l.password_hash <> '' THEN 1 ELSE 0 END AS has_password, l.made_by, l.created_at, l.max_uses,
           l.uses, l.used_at, COALESCE(s.reason, '') AS suspended, i.title, i.kind
      FROM link l JOIN item i ON i.id = l.item LEFT JOIN suspension s ON s.id = l.suspended
     WHERE l.made_by = $1 AND l.id < $2 AND l.revoked_at IS NULL
     ORDER BY l.id DESC LIMIT $3)"};

const db::Query grants_given_by_sql{"sharing.grants_given_by", R"(
    SELECT g.item, g.subject_kind, g.subject, g.role, g.until, g.given_by, g.deposit, g.given_at, i.title, i.kind
      FROM grant_ g JOIN item i ON i.id = g.item
     WHERE g.given_by = $1 AND g.subject_kind $IDS(2) AND NOT (g.subject_kind = 1 AND g.subject = $1)
       AND (g.given_at, g.item, g.subject_kind, g.subject) < ($3, $4, $5, $6)
     ORDER BY g.given_at DESC, g.item DESC, g.subject_kind DESC, g.subject DESC LIMIT $7)"};

// The space is the end of each one's own chain.
const db::Query item_spaces_sql{"sharing.item_spaces", R"(
    WITH RECURSIVE chain (start, depth, id, parent) AS (
        SELECT i.id, 0, i.id, i.parent FROM item i WHERE i.id $IDS(1)
        UNION ALL
        SELECT c.start, c.depth + 1, p.id, p.parent
          FROM chain c JOIN item p ON p.id = c.parent WHERE c.depth < 72)
    SELECT start AS id, id AS space FROM chain WHERE parent = 0)"};
const db::Query link_items_sql{"sharing.link_items", "SELECT id, item FROM link WHERE id $IDS(1) AND item <> 0"};

} // namespace

std::vector<MyLink> links_made_by(db::Tx& tx, PersonId person, LinkId before, int limit) {
    std::vector<MyLink> links;
    db::Reader<Link> reader;
    tx.each(links_made_by_sql, {person, before, limit}, [&](const db::Row& row) {
        links.push_back({.link = reader(row), .title = std::string{row.text(16)}, .kind = std::string{row.text(17)}});
    });
    return links;
}

std::vector<MyGrant> grants_given_by(db::Tx& tx, PersonId person, std::span<const std::int64_t> kinds,
                                     const GivenKey& before, int limit) {
    std::vector<MyGrant> grants;
    db::Reader<Grant> reader;
    tx.each(grants_given_by_sql,
            {person, db::Ids{kinds}, before.given_at, before.item, before.subject_kind, before.subject, limit},
            [&](const db::Row& row) {
                grants.push_back({.grant = reader(row),
                                  .given_at = row.integer(7),
                                  .title = std::string{row.text(8)},
                                  .kind = std::string{row.text(9)}});
            });
    return grants;
}

std::vector<ItemSpace> item_spaces(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<ItemSpace>(item_spaces_sql, {db::Ids{items}});
}

std::vector<LinkItem> link_items(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<LinkItem>(link_items_sql, {db::Ids{links}});
}

} // namespace preau::sharing::store
