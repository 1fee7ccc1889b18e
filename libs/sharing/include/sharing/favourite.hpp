// Favourites: what a person marked for themselves, in any app. A mark is nobody else's business: it is no right, writes
// no event, and outlives the right to see; the lists leave out what its person may no longer see.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

// Marking needs View and an item outside the trash; unmarking only that the mark is one's own. Twice is once.
// Errors: sharing.sign_in_needed (Unauthenticated) for who has no account, sharing.item, sharing.trashed (Conflict).
Result<void> set_favourite(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, bool on);

// Latest first, of what the viewer may still see and what is not thrown away; `after` is the last item of the page
// before (none: the first page). At most 200 a call; a short page is the last one.
std::vector<Item> favourites(db::Tx& tx, const Viewer& viewer, ItemId after, int limit, Millis now);

// Those of these items that the viewer marked, in one query: for the stars of a list.
std::vector<ItemId> favourites_among(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items);

} // namespace preau::sharing
