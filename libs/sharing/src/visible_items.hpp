// Items of a list of somebody's own making (recent, favourites), as far as they still may see them.
#pragma once

#include "sharing/access.hpp"

namespace preau::sharing {

// Those that `viewer` may see and that are not thrown away, in no order: two queries, however many.
std::vector<Item> visible_items(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now);

} // namespace preau::sharing
