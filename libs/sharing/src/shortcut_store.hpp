#pragma once

#include "sharing/item.hpp"

#include <span>

namespace preau::sharing::store {

struct ShortcutRow {
    ItemId item;
    ItemId target;
};
PREAU_DESCRIBE(ShortcutRow, item, target)

void insert_shortcut(db::Tx& tx, const ShortcutRow& row);
std::vector<ShortcutRow> shortcuts(db::Tx& tx, std::span<const std::int64_t> items);
void delete_shortcuts(db::Tx& tx, std::span<const std::int64_t> items);

} // namespace preau::sharing::store
