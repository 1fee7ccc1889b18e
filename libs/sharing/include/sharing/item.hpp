// Items: what somebody makes and shares. `item` is the only tree (parent, title, sort key); the app that owns the kind
// keeps the content in its own tables, keyed by the item.
#pragma once

#include "base/clock.hpp"
#include "base/describe.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "identity/viewer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau {

using ItemId = Id<struct ItemTag>;

// Roles are a ladder; `Deposit` (give without seeing) stands beside it.
enum class Role : std::int64_t { None = 0, Deposit = 5, View = 10, Comment = 20, Edit = 30, Manage = 40 };
enum class Action { View, Comment, Edit, Manage, Deposit };

namespace sharing {

struct Item {
    ItemId id;
    ItemId parent; // none for the root of a space
    ItemId space;  // root of its tree: found by walking up, kept nowhere (ADR 10)
    std::string kind;  // "space", "trash", "folder", "handin", "file", …: registered by apps
    std::string title; // also the name in its folder; NFC
    PersonId owner;    // who made it; none for a family's deposit. A label: rights come from grants alone
    bool restricted = false; // stops inheritance except for the managers of its space
    std::int64_t revision = 1;
    Millis created_at = 0;
    Millis changed_at = 0;
    std::optional<Millis> trashed_at; // set on the item that was thrown away, not on what is inside it
    ItemId trashed_from;              // where it stood
};
PREAU_DESCRIBE(Item, id, parent, space, kind, title, owner, restricted, revision, created_at, changed_at, trashed_at,
               trashed_from)

} // namespace sharing
} // namespace preau
