#pragma once

#include "sharing/item.hpp"

#include <span>

namespace preau::sharing::store {

struct FavouriteRow {
    ItemId item;
    Millis at = 0;
};
PREAU_DESCRIBE(FavouriteRow, item, at)

void put_favourite(db::Tx& tx, PersonId person, ItemId item, Millis now);
void delete_favourite(db::Tx& tx, PersonId person, ItemId item);
std::optional<FavouriteRow> find_favourite(db::Tx& tx, PersonId person, ItemId item);
// Latest first, behind the key.
std::vector<FavouriteRow> favourites(db::Tx& tx, PersonId person, Millis before_at, ItemId before, int limit);
std::vector<ItemId> favourites_among(db::Tx& tx, PersonId person, std::span<const std::int64_t> items);

} // namespace preau::sharing::store
