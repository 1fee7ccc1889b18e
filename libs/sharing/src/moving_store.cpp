#include "moving_store.hpp"

#include "naming.hpp"

namespace preau::sharing::store {
namespace {

const db::Query heights_of_sql{"sharing.heights_of", "SELECT id, height FROM item WHERE id $IDS(1)"};

const db::Query exact_height_sql{"sharing.exact_height", R"(
    WITH RECURSIVE below (id, depth) AS (
        SELECT i.id, 0 FROM item i WHERE i.id = $1
        UNION ALL
        SELECT c.id, b.depth + 1 FROM below b JOIN item c ON c.parent = b.id WHERE b.depth < 72)
    SELECT max(depth) FROM below)"};

// Through item_by_name.
const db::Query taken_in_sql{"sharing.taken_in", R"(
    SELECT m.id FROM item m WHERE m.id $IDS(2)
       AND EXISTS (SELECT 1 FROM item t WHERE t.parent = $1 AND t.title = m.title AND t.trashed_at IS NULL
                                          AND t.parent <> 0))"};

const db::Query move_all_sql{"sharing.move_all", R"(
    UPDATE item SET parent = $1, revision = revision + 1 WHERE id $IDS(2) AND trashed_at IS NULL)"};

const db::Query move_one_sql{"sharing.move_one", R"(
    UPDATE item SET parent = $2, title = $3, sort = $4, ending = $5, revision = revision + 1
     WHERE id = $1 AND trashed_at IS NULL)"};

const db::Query put_in_trash_sql{"sharing.put_in_trash", R"(
    UPDATE item SET trashed_from = parent, parent = $1, trashed_at = $2, revision = revision + 1
     WHERE id $IDS(3) AND trashed_at IS NULL)"};

const db::Query restore_all_sql{"sharing.restore_all", R"(
    UPDATE item SET parent = $1, trashed_at = NULL, trashed_from = NULL, revision = revision + 1, changed_at = $2
     WHERE id $IDS(3) AND trashed_at IS NOT NULL)"};

const db::Query restore_one_sql{"sharing.restore_one", R"(
    UPDATE item SET parent = $2, title = $3, sort = $4, ending = $5, trashed_at = NULL, trashed_from = NULL,
           revision = revision + 1, changed_at = $6
     WHERE id = $1 AND trashed_at IS NOT NULL)"};

} // namespace

std::vector<Height> heights_of(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<Height>(heights_of_sql, {db::Ids{items}});
}

int exact_height(db::Tx& tx, ItemId item) {
    return static_cast<int>(tx.one<std::int64_t>(exact_height_sql, {item}).value_or(0));
}

std::vector<std::int64_t> taken_in(db::Tx& tx, ItemId folder, std::span<const std::int64_t> items) {
    return tx.all<std::int64_t>(taken_in_sql, {folder, db::Ids{items}});
}

std::int64_t move_to(db::Tx& tx, std::span<const std::int64_t> items, ItemId folder) {
    return tx.execute(move_all_sql, {folder, db::Ids{items}});
}

std::int64_t move_to(db::Tx& tx, const Item& item, ItemId folder, std::string_view title) {
    return tx.execute(move_one_sql, {item.id, folder, title, sort_of(item.kind, title), ending_of(item.kind, title)});
}

std::int64_t put_in_trash(db::Tx& tx, std::span<const std::int64_t> items, ItemId trash, Millis now) {
    return tx.execute(put_in_trash_sql, {trash, now, db::Ids{items}});
}

std::int64_t take_out_of_trash(db::Tx& tx, std::span<const std::int64_t> items, ItemId folder, Millis now) {
    return tx.execute(restore_all_sql, {folder, now, db::Ids{items}});
}

std::int64_t take_out_of_trash(db::Tx& tx, const Item& item, ItemId folder, std::string_view title, Millis now) {
    return tx.execute(restore_one_sql,
                      {item.id, folder, title, sort_of(item.kind, title), ending_of(item.kind, title), now});
}

} // namespace preau::sharing::store
