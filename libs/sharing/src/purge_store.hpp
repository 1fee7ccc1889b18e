#pragma once

#include "sharing/item.hpp"

#include <span>

namespace preau::sharing::store {

// The parent of what was cut off: no item has it, so no chain through it reaches a root, and can() gives nobody
// anything.
inline constexpr ItemId cut_off{-1};

struct Doomed {
    ItemId id;
    std::string kind;
    Millis trashed_at = 0;
};
PREAU_DESCRIBE(Doomed, id, kind, trashed_at)

// `space` is where its bytes count until they are gone. False: it no longer lies in a trash.
bool cut_off_item(db::Tx& tx, ItemId item, ItemId space);
std::vector<Doomed> trashed_before(db::Tx& tx, Millis moment, const Doomed& after, int limit);
std::vector<Doomed> children_of(db::Tx& tx, ItemId parent, int limit);
std::vector<Doomed> without_children(db::Tx& tx, std::span<const std::int64_t> items);
void delete_items(db::Tx& tx, std::span<const std::int64_t> items); // with all rows of sharing that hang on them

} // namespace preau::sharing::store
