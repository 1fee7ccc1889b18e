// SQL of changing places: what a change of many items asks at once, and the rows that it writes.
#pragma once

#include "sharing/moving.hpp"

namespace preau::sharing::store {

struct Height {
    ItemId id;
    int height = 0;
};
PREAU_DESCRIBE(Height, id, height)
std::vector<Height> heights_of(db::Tx& tx, std::span<const std::int64_t> items); // the bounds that are kept
int exact_height(db::Tx& tx, ItemId item); // looks at everything below it
// Which of these items have a name that something in the folder has already.
std::vector<std::int64_t> taken_in(db::Tx& tx, ItemId folder, std::span<const std::int64_t> items);

// Each answers how many rows it changed: fewer than asked for means that somebody else was there in between.
std::int64_t move_to(db::Tx& tx, std::span<const std::int64_t> items, ItemId folder);
std::int64_t move_to(db::Tx& tx, const Item& item, ItemId folder, std::string_view title);
std::int64_t put_in_trash(db::Tx& tx, std::span<const std::int64_t> items, ItemId trash, Millis now);
std::int64_t take_out_of_trash(db::Tx& tx, std::span<const std::int64_t> items, ItemId folder, Millis now);
std::int64_t take_out_of_trash(db::Tx& tx, const Item& item, ItemId folder, std::string_view title, Millis now);

} // namespace preau::sharing::store
