// SQL of "recent".
#pragma once

#include "sharing/item.hpp"

#include <string_view>

namespace preau::sharing::store {

// Notes that somebody else than its owner did something with the item.
void note_recent(db::Tx& tx, PersonId person, ItemId item, Millis now);

} // namespace preau::sharing::store
