// The lists of the tree, each through one index and paged by key.
#include "tree_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query ancestors_sql{"sharing.ancestors", R"(
    WITH RECURSIVE chain (depth, id) AS (
        SELECT 1, i.parent FROM item i WHERE i.id = $1
        UNION ALL
        SELECT c.depth + 1, p.parent FROM chain c JOIN item p ON p.id = c.id WHERE c.depth < 72)
    SELECT i.id, i.parent, i.space, i.kind, i.title, i.owner, i.restricted, i.revision, i.created_at, i.changed_at,
           i.trashed_at, i.trashed_from
      FROM chain c JOIN item i ON i.id = c.id ORDER BY c.depth DESC)"};

// item_by_sort gives the order; the two EXISTS read the primary key of grant_. "Shared" means: somebody else than the
// maker was given it, links counted apart.
const db::Query children_sql{"sharing.children", R"(
    SELECT c.id, c.kind, c.title, c.owner, c.changed_at, c.sort, c.restricted,
           CASE WHEN EXISTS (SELECT 1 FROM grant_ g WHERE g.item = c.id AND g.subject_kind <> 6
                             AND NOT (g.subject_kind = 1 AND g.subject = c.owner) AND (g.until IS NULL OR g.until > $6))
                THEN 1 ELSE 0 END AS shared,
           CASE WHEN EXISTS (SELECT 1 FROM grant_ g WHERE g.item = c.id AND g.subject_kind = 6
                             AND (g.until IS NULL OR g.until > $6)) THEN 1 ELSE 0 END AS has_links
      FROM item c
     WHERE c.parent = $1 AND (c.sort, c.id) > ($2, $3) AND c.kind <> 'trash'
       AND (c.restricted = 0 OR EXISTS (SELECT 1 FROM grant_ g WHERE g.item IN (c.id, c.space) AND g.subject $IDS(4)))
     ORDER BY c.sort, c.id LIMIT $5)"};

const db::Query granted_to_sql{"sharing.granted_to", R"(
    SELECT c.id, c.kind, c.title, c.owner, c.changed_at, c.sort, c.restricted, 1 AS shared,
           CASE WHEN EXISTS (SELECT 1 FROM grant_ l WHERE l.item = c.id AND l.subject_kind = 6
                             AND (l.until IS NULL OR l.until > $5)) THEN 1 ELSE 0 END AS has_links
      FROM grant_ g JOIN item c ON c.id = g.item
     WHERE g.subject_kind = $1 AND g.subject = $2 AND g.item < $3 AND (g.until IS NULL OR g.until > $5)
     ORDER BY g.item DESC LIMIT $4)"};

// Names that are alike in all but case are neighbours in French order: their sort keys differ in the last level only.
const db::Query titles_before_sql{"sharing.titles_before", R"(
    SELECT title FROM item WHERE parent = $1 AND sort <= $2 AND kind <> 'trash' ORDER BY sort DESC LIMIT 20)"};
const db::Query titles_after_sql{"sharing.titles_after", R"(
    SELECT title FROM item WHERE parent = $1 AND sort > $2 AND kind <> 'trash' ORDER BY sort LIMIT 20)"};

const db::Query trashed_sql{"sharing.trashed", R"(
    SELECT id, parent, space, kind, title, owner, restricted, revision, created_at, changed_at, trashed_at, trashed_from
      FROM item WHERE parent = $1 AND trashed_at IS NOT NULL AND (trashed_at, id) < ($2, $3)
     ORDER BY trashed_at DESC, id DESC LIMIT $4)"};

const db::Query recents_made_sql{"sharing.recents_made", R"(
    SELECT id, changed_at AS at FROM item WHERE owner = $1 ORDER BY changed_at DESC LIMIT $2)"};

const db::Query recents_done_sql{"sharing.recents_done", R"(
    SELECT item AS id, at FROM recent WHERE person = $1 ORDER BY at DESC LIMIT $2)"};

const db::Query items_of_sql{"sharing.items_of", R"(
    SELECT id, parent, space, kind, title, owner, restricted, revision, created_at, changed_at, trashed_at, trashed_from
      FROM item WHERE id $IDS(1))"};

} // namespace

std::vector<Item> ancestors(db::Tx& tx, ItemId item) { return tx.all<Item>(ancestors_sql, {item}); }

std::vector<ChildRow> children(db::Tx& tx, ItemId folder, std::span<const std::int64_t> subject_ids,
                               const ChildKey& after, int limit, Millis now) {
    return tx.all<ChildRow>(children_sql, {folder, after.sort, after.id, db::Ids{subject_ids}, limit, now});
}

std::vector<ChildRow> granted_to(db::Tx& tx, Subject subject, std::int64_t before, int limit, Millis now) {
    return tx.all<ChildRow>(granted_to_sql, {static_cast<std::int64_t>(subject.kind), subject.id, before, limit, now});
}

std::vector<std::string> titles_near(db::Tx& tx, ItemId folder, std::string_view sort) {
    auto titles = tx.all<std::string>(titles_before_sql, {folder, sort});
    for (auto& title : tx.all<std::string>(titles_after_sql, {folder, sort})) titles.push_back(std::move(title));
    return titles;
}

std::vector<Item> trashed(db::Tx& tx, ItemId trash, Millis before_at, ItemId before, int limit) {
    return tx.all<Item>(trashed_sql, {trash, before_at, before, limit});
}

std::vector<Recent> recents_made(db::Tx& tx, PersonId owner, int limit) {
    return tx.all<Recent>(recents_made_sql, {owner, limit});
}

std::vector<Recent> recents_done(db::Tx& tx, PersonId person, int limit) {
    return tx.all<Recent>(recents_done_sql, {person, limit});
}

std::vector<Item> items_of(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<Item>(items_of_sql, {db::Ids{items}});
}

} // namespace preau::sharing::store
