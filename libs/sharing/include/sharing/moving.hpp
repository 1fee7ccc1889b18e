// Changing places: moving, throwing away, putting back; one item or up to a thousand in one transaction.
//
// Two people who put A into B and B into A at the same moment would cut both off from the root, and no look at the tree
// from inside either transaction shows it. So a change of place holds the lanes of every space that it takes from or
// gives to: whoever holds the lane of a space knows that no chain in it moves. It also holds the lane of the folder in
// which names must be unique. Which spaces those are is looked up before and asked again inside (`Held`); should an
// ancestor have gone to another space in between, the change starts over.
#pragma once

#include "base/task.hpp"
#include "sharing/tree.hpp"

#include <functional>

namespace preau::sharing {

inline constexpr std::size_t most_at_once = 1000; // items in one change

struct Change {
    enum class What { Move, Trash, Restore } what = What::Move;
    std::vector<ItemId> items; // each once counts; more than most_at_once: sharing.too_many
    ItemId to; // of a move
    NewItem::IfTaken if_taken = NewItem::IfTaken::Refuse; // of a move; what comes back is always numbered
    std::int64_t revision = 0; // 0: whatever they are now; else sharing.changed_meanwhile for those that differ
    // Asked for each item that goes to another space when all else is right (is there room?); an error keeps it where
    // it is. In the same transaction; must be pure but for `tx`.
    std::function<Result<void>(db::Tx&, const Item&, ItemId space)> leaving = {};
};
struct Outcome {
    ItemId id;
    Result<Item> item; // as it is now, or why it stayed as it was
    ItemId from; // the folder where it stood: moving it back there is how a move is undone
};

// Does it, with the lanes that it takes. Every item has an outcome, in the order given; those that fail change nothing
// and do not stop the others. Constant in queries but for one event an item and a look-up for each name that is taken.
//
// Errors of the whole: sharing.too_many; for a move those of the target: sharing.item, sharing.role, sharing.trashed.
// Errors of an item: sharing.item (not there, or not to be seen), sharing.role, sharing.fixed (roots and trashes),
// sharing.trashed, sharing.not_trashed, sharing.name_taken, sharing.changed_meanwhile, sharing.into_itself,
// sharing.too_deep, sharing.move_needs_both (who moves may change both folders), sharing.move_out (into another space
// moves only who manages the item: that takes it away from the managers of the space).
//
// A moved item keeps its own grants and links, and inherits from where it stands now. A restored one goes to where it
// stood, or to the root of its space when that is gone or not in this space any more.
Task<Result<std::vector<Outcome>>> change_places(db::Database& db, World& world, Viewer viewer, Change change);

// The same inside a transaction whose caller holds the lanes of `held`: those of places_of(), read before.
using Held = std::vector<ItemId>; // sorted; lanes are lane_of() each
Held places_of(db::Tx& tx, const Viewer& viewer, const Change& change, Millis now);
// sharing.moved_meanwhile (Conflict): other lanes are needed by now, begin again with places_of().
Result<std::vector<Outcome>> change_held(db::Tx& tx, World& world, const Viewer& viewer, const Change& change,
                                         const Held& held);

} // namespace preau::sharing
