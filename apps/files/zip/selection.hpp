// A choice of items that an address can name.
#pragma once

#include "base/clock.hpp"
#include "db/database.hpp"
#include "sharing/item.hpp"

#include <vector>

namespace preau::files {

using SelectionId = Id<struct SelectionTag>;
inline constexpr std::size_t most_selected = 1000;

} // namespace preau::files

namespace preau::files::store {

void insert_selection(db::Tx& tx, SelectionId id, const std::vector<ItemId>& items, Millis expires_at);
std::vector<ItemId> selected(db::Tx& tx, SelectionId id, Millis now); // empty: unknown, or over
void delete_selections(db::Tx& tx, Millis now); // those that are over

} // namespace preau::files::store
