// The lists of the tree, each through one index and paged by key.
#include "tree_store.hpp"

#include <algorithm>
#include <limits>

namespace preau::sharing::store {
namespace {

const db::Query ancestors_sql{"sharing.ancestors", R"(
    WITH RECURSIVE chain (depth, id) AS (
        SELECT 1, i.parent FROM item i WHERE i.id = $1
        UNION ALL
        SELECT c.depth + 1, p.parent FROM chain c JOIN item p ON p.id = c.id WHERE c.depth < 72)
    SELECT i.id, i.parent, (SELECT r.id FROM chain t JOIN item r ON r.id = t.id WHERE r.parent = 0) AS space, i.kind,
           i.title, i.owner, i.restricted, i.revision, i.created_at, i.changed_at, i.trashed_at, i.trashed_from
      FROM chain c JOIN item i ON i.id = c.id ORDER BY c.depth DESC)"};

// $1 folder, $2 space, $3 ids of the viewer, $4 now, $5 limit; then the key of the page. The two EXISTS of each row
// read the primary key of grant_. "Shared" means: somebody else than the maker was given it, links counted apart.
#define CHILDREN                                                                                                       \
    "SELECT c.id, c.kind, c.title, c.owner, c.changed_at, c.revision, c.sort, c.weight, c.ending, c.restricted,"       \
    " CASE WHEN EXISTS (SELECT 1 FROM grant_ g WHERE g.item = c.id AND g.subject_kind <> 6"                            \
    " AND NOT (g.subject_kind = 1 AND g.subject = c.owner) AND (g.until IS NULL OR g.until > $4)) THEN 1 ELSE 0 END "  \
    "AS shared,"                                                                                                       \
    " CASE WHEN EXISTS (SELECT 1 FROM grant_ g WHERE g.item = c.id AND g.subject_kind = 6"                             \
    " AND (g.until IS NULL OR g.until > $4)) THEN 1 ELSE 0 END AS has_links"                                           \
    " FROM item c WHERE c.parent = $1 AND c.kind <> 'trash'"                                                           \
    " AND (c.restricted = 0 OR EXISTS (SELECT 1 FROM grant_ g WHERE g.item IN (c.id, $2) AND g.subject $IDS(3)))"
// Through item_by_sort: between two first letters.
#define BY_NAME CHILDREN " AND c.sort >= $6 AND c.sort < $7 AND (c.sort, c.id) "
// Through item_by_change, item_by_weight and item_by_ending.
#define BY_CHANGE CHILDREN " AND substr(c.sort, 1, 1) = $6 AND (c.changed_at, c.id) "
#define BY_WEIGHT CHILDREN " AND substr(c.sort, 1, 1) = $6 AND (c.weight, c.sort, c.id) "
#define BY_ENDING CHILDREN " AND substr(c.sort, 1, 1) = $6 AND (c.ending, c.sort, c.id) "

const db::Query by_name_sql{"sharing.children_by_name", BY_NAME "> ($8, $9) ORDER BY c.sort, c.id LIMIT $5"};
const db::Query by_name_down_sql{"sharing.children_by_name_down",
                                 BY_NAME "< ($8, $9) ORDER BY c.sort DESC, c.id DESC LIMIT $5"};
const db::Query by_change_sql{"sharing.children_by_change",
                              BY_CHANGE "> ($7, $8) ORDER BY c.changed_at, c.id LIMIT $5"};
const db::Query by_change_down_sql{"sharing.children_by_change_down",
                                   BY_CHANGE "< ($7, $8) ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"};
const db::Query by_weight_sql{"sharing.children_by_weight",
                              BY_WEIGHT "> ($7, $8, $9) ORDER BY c.weight, c.sort, c.id LIMIT $5"};
const db::Query by_weight_down_sql{"sharing.children_by_weight_down",
                                   BY_WEIGHT "< ($7, $8, $9) ORDER BY c.weight DESC, c.sort DESC, c.id DESC LIMIT $5"};
const db::Query by_ending_sql{"sharing.children_by_ending",
                              BY_ENDING "> ($7, $8, $9) ORDER BY c.ending, c.sort, c.id LIMIT $5"};
const db::Query by_ending_down_sql{"sharing.children_by_ending_down",
                                   BY_ENDING "< ($7, $8, $9) ORDER BY c.ending DESC, c.sort DESC, c.id DESC LIMIT $5"};
#undef BY_ENDING
#undef BY_WEIGHT
#undef BY_CHANGE
#undef BY_NAME
#undef CHILDREN

// Counts in an index alone: asking each row whether it is the trash of a root would fetch it (100,000 rows: 170 instead
// of 4 ms). So that one is taken off by its name.
const db::Query count_children_sql{"sharing.count_children", R"(
    SELECT (SELECT count(*) FROM item WHERE parent = $1)
         - (SELECT count(*) FROM item WHERE parent = $1 AND title = '/trash' AND trashed_at IS NULL AND parent <> 0)
           AS children)"};
const db::Query restricted_children_sql{"sharing.restricted_children", R"(
    SELECT id FROM item WHERE parent = $1 AND restricted = 1 AND kind <> 'trash')"};

const db::Query granted_to_sql{"sharing.granted_to", R"(
    SELECT c.id, c.kind, c.title, c.owner, c.changed_at, c.revision, c.sort, c.weight, c.ending, c.restricted,
           1 AS shared,
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
    SELECT id, parent, CAST($5 AS BIGINT) AS space, kind, title, owner, restricted, revision, created_at, changed_at,
           trashed_at, trashed_from
      FROM item WHERE parent = $1 AND trashed_at IS NOT NULL AND (trashed_at, id) < ($2, $3)
     ORDER BY trashed_at DESC, id DESC LIMIT $4)"};

const db::Query recents_made_sql{"sharing.recents_made", R"(
    SELECT id, changed_at AS at FROM item WHERE owner = $1 ORDER BY changed_at DESC LIMIT $2)"};

const db::Query recents_done_sql{"sharing.recents_done", R"(
    SELECT item AS id, at FROM recent WHERE person = $1 ORDER BY at DESC LIMIT $2)"};

const db::Query items_alone_sql{"sharing.items_alone", R"(
    SELECT id, parent, 0 AS space, kind, title, owner, restricted, revision, created_at, changed_at, trashed_at,
           trashed_from
      FROM item WHERE id $IDS(1))"};

// The items and all that stands above them, each once: those of a page share nearly all of it.
const db::Query items_of_sql{"sharing.items_of", R"(
    WITH RECURSIVE up (id, parent) AS (
        SELECT i.id, i.parent FROM item i WHERE i.id $IDS(1)
        UNION
        SELECT p.id, p.parent FROM up u JOIN item p ON p.id = u.parent)
    SELECT i.id, i.parent, 0 AS space, i.kind, i.title, i.owner, i.restricted, i.revision, i.created_at, i.changed_at,
           i.trashed_at, i.trashed_from
      FROM up u JOIN item i ON i.id = u.id)"};

// The end of each one's own chain; none of a chain that is broken or too long.
ItemId space_among(const std::vector<Item>& sorted, const Item& item) {
    const auto* level = &item;
    for (int depth = 0; depth < 72 && level->parent; ++depth) {
        const auto above = std::ranges::lower_bound(sorted, level->parent, {}, &Item::id);
        if (above == sorted.end() || above->id != level->parent) return {};
        level = &*above;
    }
    return level->parent ? ItemId{} : level->id;
}

struct Ends { // of the first letters, and of what an index orders by
    std::string low, high;
};
Ends letters(bool holders) { return holders ? Ends{"0", "1"} : Ends{"1", "2"}; }
constexpr const char* last_text = "\xF4\x8F\xBF\xBF"; // U+10FFFF: after every text, byte for byte

// What stands before everything in this order.
ChildKey before_all(const ChildQuery& query) {
    const auto down = query.order.descending;
    using Number = std::numeric_limits<std::int64_t>;
    const bool by_name = query.order.by == ChildOrder::By::Name;
    ChildKey key{.id = ItemId{down ? Number::max() : Number::min()}, .number = down ? Number::max() : Number::min()};
    if (by_name)
        key.sort = down ? letters(query.holders).high : letters(query.holders).low;
    else if (down)
        key.sort = key.ending = last_text;
    return key;
}

} // namespace

std::vector<Item> ancestors(db::Tx& tx, ItemId item) { return tx.all<Item>(ancestors_sql, {item}); }

std::vector<ChildRow> children(db::Tx& tx, const ChildQuery& query, const ChildKey& after) {
    const auto key = after.sort.empty() ? before_all(query) : after;
    const auto [low, high] = letters(query.holders);
    const db::Ids ids{query.subject_ids};
    const bool down = query.order.descending;
    switch (query.order.by) {
    case ChildOrder::By::Changed:
        return tx.all<ChildRow>(down ? by_change_down_sql : by_change_sql,
                                {query.folder, query.space, ids, query.now, query.limit, low, key.number, key.id});
    case ChildOrder::By::Size:
        return tx.all<ChildRow>(
            down ? by_weight_down_sql : by_weight_sql,
            {query.folder, query.space, ids, query.now, query.limit, low, key.number, key.sort, key.id});
    case ChildOrder::By::Kind:
        return tx.all<ChildRow>(
            down ? by_ending_down_sql : by_ending_sql,
            {query.folder, query.space, ids, query.now, query.limit, low, key.ending, key.sort, key.id});
    case ChildOrder::By::Name: break;
    }
    return tx.all<ChildRow>(down ? by_name_down_sql : by_name_sql,
                            {query.folder, query.space, ids, query.now, query.limit, low, high, key.sort, key.id});
}

std::int64_t count_children(db::Tx& tx, ItemId folder) {
    return tx.one<std::int64_t>(count_children_sql, {folder}).value_or(0);
}

std::vector<std::int64_t> restricted_children(db::Tx& tx, ItemId folder) {
    return tx.all<std::int64_t>(restricted_children_sql, {folder});
}

std::vector<ChildRow> granted_to(db::Tx& tx, Subject subject, std::int64_t before, int limit, Millis now) {
    return tx.all<ChildRow>(granted_to_sql, {static_cast<std::int64_t>(subject.kind), subject.id, before, limit, now});
}

std::vector<std::string> titles_near(db::Tx& tx, ItemId folder, std::string_view sort) {
    auto titles = tx.all<std::string>(titles_before_sql, {folder, sort});
    for (auto& title : tx.all<std::string>(titles_after_sql, {folder, sort})) titles.push_back(std::move(title));
    return titles;
}

std::vector<Item> trashed(db::Tx& tx, ItemId space, ItemId trash, Millis before_at, ItemId before, int limit) {
    return tx.all<Item>(trashed_sql, {trash, before_at, before, limit, space});
}

std::vector<Recent> recents_made(db::Tx& tx, PersonId owner, int limit) {
    return tx.all<Recent>(recents_made_sql, {owner, limit});
}

std::vector<Recent> recents_done(db::Tx& tx, PersonId person, int limit) {
    return tx.all<Recent>(recents_done_sql, {person, limit});
}

std::vector<Item> items_alone(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<Item>(items_alone_sql, {db::Ids{items}});
}

std::vector<Item> items_of(db::Tx& tx, std::span<const std::int64_t> items) {
    auto all = tx.all<Item>(items_of_sql, {db::Ids{items}});
    std::ranges::sort(all, {}, &Item::id);
    std::vector<std::int64_t> wanted{items.begin(), items.end()};
    std::ranges::sort(wanted);
    std::vector<Item> found;
    for (const auto& item : all)
        if (std::ranges::binary_search(wanted, item.id.value)) {
            found.push_back(item);
            found.back().space = space_among(all, item);
        }
    return found;
}

} // namespace preau::sharing::store
