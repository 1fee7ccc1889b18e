// SQL of the outbox and of "recent".
#pragma once

#include "sharing/item.hpp"

#include <string_view>

namespace preau::sharing::store {

void insert_event(db::Tx& tx, std::int64_t id, const Viewer& actor, std::string_view kind, ItemId item,
                  std::string_view detail, Millis now);
// Notes that somebody else than its owner did something with the item.
void note_recent(db::Tx& tx, PersonId person, ItemId item, Millis now);

} // namespace preau::sharing::store
