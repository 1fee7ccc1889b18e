#include "purge_store.hpp"

namespace preau::sharing::store {
namespace {

// The title becomes one that no name can be and no other item has, so that the unique index of names is content.
const db::Query cut_off_sql{"sharing.cut_off", R"(
    UPDATE item SET parent = -1, title = $2, trashed_at = NULL, trashed_from = $3, revision = revision + 1
     WHERE id = $1 AND trashed_at IS NOT NULL)"};

const db::Query trashed_before_sql{"sharing.trashed_before", R"(
    SELECT id, kind, trashed_at FROM item
     WHERE trashed_at IS NOT NULL AND trashed_at < $1 AND (trashed_at, id) > ($2, $3)
     ORDER BY trashed_at, id LIMIT $4)"};

const db::Query children_of_sql{"sharing.children_of", R"(
    SELECT id, kind, 0 AS trashed_at FROM item WHERE parent = $1 LIMIT $2)"};

const db::Query without_children_sql{"sharing.without_children", R"(
    SELECT i.id, i.kind, 0 AS trashed_at FROM item i
     WHERE i.id $IDS(1) AND NOT EXISTS (SELECT 1 FROM item c WHERE c.parent = i.id))"};

// Cases of reports stay: what was wrong with an item is not undone by throwing it away.
const db::Query delete_grants_sql{"sharing.purge_grants", "DELETE FROM grant_ WHERE item $IDS(1)"};
const db::Query delete_archived_sql{"sharing.purge_archived", "DELETE FROM archived_grant WHERE item $IDS(1)"};
const db::Query delete_links_sql{"sharing.purge_links", "DELETE FROM link WHERE item $IDS(1)"};
const db::Query delete_recents_sql{"sharing.purge_recents", "DELETE FROM recent WHERE item $IDS(1)"};
const db::Query delete_favourites_sql{"sharing.purge_favourites", "DELETE FROM favourite WHERE item $IDS(1)"};
const db::Query delete_comments_sql{"sharing.purge_comments", "DELETE FROM comment WHERE item $IDS(1)"};
const db::Query delete_hidden_sql{"sharing.purge_hidden", "DELETE FROM hidden_share WHERE item $IDS(1)"};
const db::Query delete_publications_sql{"sharing.purge_publications", "DELETE FROM publication WHERE item $IDS(1)"};
const db::Query delete_suspended_sql{"sharing.purge_suspended", "DELETE FROM suspended_public WHERE item $IDS(1)"};
const db::Query delete_looks_sql{"sharing.purge_looks", "DELETE FROM look WHERE item $IDS(1)"};
const db::Query delete_items_sql{"sharing.purge_items", "DELETE FROM item WHERE id $IDS(1)"};

} // namespace

bool cut_off_item(db::Tx& tx, ItemId item, ItemId space) {
    return tx.execute(cut_off_sql, {item, '/' + to_text(item), space}) == 1;
}

std::vector<Doomed> trashed_before(db::Tx& tx, Millis moment, const Doomed& after, int limit) {
    return tx.all<Doomed>(trashed_before_sql, {moment, after.trashed_at, after.id, limit});
}

std::vector<Doomed> children_of(db::Tx& tx, ItemId parent, int limit) {
    return tx.all<Doomed>(children_of_sql, {parent, limit});
}

std::vector<Doomed> without_children(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<Doomed>(without_children_sql, {db::Ids{items}});
}

void delete_items(db::Tx& tx, std::span<const std::int64_t> items) {
    for (const auto* query : {&delete_archived_sql, &delete_grants_sql, &delete_links_sql, &delete_recents_sql,
                              &delete_favourites_sql, &delete_comments_sql, &delete_hidden_sql,
                              &delete_publications_sql, &delete_suspended_sql, &delete_looks_sql, &delete_items_sql})
        tx.execute(*query, {db::Ids{items}});
}

} // namespace preau::sharing::store
