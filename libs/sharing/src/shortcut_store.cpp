#include "shortcut_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query insert_shortcut_sql{"sharing.insert_shortcut", "INSERT INTO shortcut (item, target) VALUES ($1, $2)"};
const db::Query shortcuts_sql{"sharing.shortcuts", "SELECT item, target FROM shortcut WHERE item $IDS(1)"};
const db::Query delete_shortcuts_sql{"sharing.delete_shortcuts", "DELETE FROM shortcut WHERE item $IDS(1)"};

} // namespace

void insert_shortcut(db::Tx& tx, const ShortcutRow& row) { tx.execute(insert_shortcut_sql, {row.item, row.target}); }

std::vector<ShortcutRow> shortcuts(db::Tx& tx, std::span<const std::int64_t> items) {
    return tx.all<ShortcutRow>(shortcuts_sql, {db::Ids{items}});
}

void delete_shortcuts(db::Tx& tx, std::span<const std::int64_t> items) {
    tx.execute(delete_shortcuts_sql, {db::Ids{items}});
}

} // namespace preau::sharing::store
