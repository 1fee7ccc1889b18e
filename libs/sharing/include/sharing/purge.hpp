// The end of what was thrown away. An item that is to go is first cut off: it leaves its trash in one small write, and
// from then on nobody can see it, restore it, or put anything into it. What hangs below it is deleted afterwards by a
// job, leaves first, in slices of bounded size, each a transaction of its own: a job that is killed between two slices
// is simply run again, and at no moment does a row refer to an item that is gone.
#pragma once

#include "sharing/kinds.hpp"
#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr Millis default_retention = 30_days;
inline constexpr int purge_slice = 200; // items deleted in one transaction

// For good, out of the trash. Needs Edit there, which is managing its space. Errors: sharing.item, sharing.role,
// sharing.not_trashed (Conflict) for what does not lie in a trash by itself. Event item.erased; then, as the job
// deletes it and all below, item.purged for each.
Result<void> erase_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
// All that lies in the trash of a space. Answers how many things lay there; at most 1,000 a call. Needs Manage on it.
Result<int> empty_trash(db::Tx& tx, World& world, const Viewer& viewer, ItemId space);

// Deletes at most `most` items of those that were cut off; answers how many, 0: nothing is left to do.
int purge_some(db::Tx& tx, World& world, const Kinds& kinds, int most = purge_slice);
// Cuts off what has lain in a trash for longer than its kind or `keep` says; at most `most` a call, and how many.
int expire_trash(db::Tx& tx, World& world, const Kinds& kinds, Millis keep, int most = purge_slice);

// Registers the jobs "sharing.expire" (every hour) and "sharing.purge". Before jobs start; all must outlive them.
void install_purge(db::Database& db, World& world, const Kinds& kinds, Millis keep = default_retention);

} // namespace preau::sharing
