// A look that somebody may take at an item because a decision about it waits for them (publishing, reports). It is an
// ordinary View grant to that person with an end of an hour, so that can() knows nothing new and the item's own
// audience shows it; a grant that the person has there already is left alone.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr Millis look_lasts = 1_h;

void give_look(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
void end_looks(db::Tx& tx, World& world, const Viewer& by, ItemId item); // everybody's

} // namespace preau::sharing
