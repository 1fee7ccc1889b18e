// Shortcuts: a pointer in a folder to any item, of any app. It never widens a right: whoever sees the folder sees that
// a shortcut stands there, and only who can see the target learns its name and gets there. So the pointer's own title
// is a neutral word (or what its maker typed), and lists put the target's title in its place for who may know it.
#pragma once

#include "sharing/kinds.hpp"
#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr std::string_view shortcut_kind = "shortcut";

// Needs Edit on the folder and View on the target; a shortcut to a shortcut leads to where that one does. `name` empty:
// `neutral`, numbered ("Raccourci (2)"). Errors: those of create_item, shortcut.target (NotFound), shortcut.itself for
// a folder that would point to itself.
Result<Item> create_shortcut(db::Tx& tx, World& world, const Viewer& viewer, ItemId folder, ItemId target,
                             std::string_view name, std::string_view neutral);

struct ShortcutTarget {
    enum class State { Open, Hidden } state = State::Hidden; // Hidden: gone, thrown away or not for this viewer, alike
    ItemId item; // of an open one
    std::string kind;
    std::string title;
};
// Where these shortcuts lead for this viewer; two queries however many. Shortcuts themselves must be visible already.
std::map<ItemId, ShortcutTarget> shortcut_targets(db::Tx& tx, const Viewer& viewer,
                                                  const std::vector<ItemId>& shortcuts, Millis now);
// In a list: the target's title where the viewer may know it.
void name_shortcuts(db::Tx& tx, const Viewer& viewer, std::vector<ChildRow>& rows, Millis now);

} // namespace preau::sharing
