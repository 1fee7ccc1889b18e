// What others gave to somebody: to them in person, to a group of theirs, to a structure they have a function in.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

struct SharedRow {
    Item item;
    Role role = Role::None; // of the viewer, by whatever way
    bool deposit = false;
    Millis at = 0;        // given
    PersonId given_by;
    bool direct = false;  // to them in person: they can give it back
};
struct SharedKey { // where the last page ended; none for the first
    Millis at = 0;
    ItemId id;
};
enum class Hidden { Without, Only };
// Latest first, at most 200 a call. Without what lies in something else that was given to them too, without what they
// gave themselves, roots (a team's space has its own place) and what was thrown away. `next` is set when there is more.
struct SharedPage {
    std::vector<SharedRow> rows;
    std::optional<SharedKey> next;
};
SharedPage shared_with(db::Tx& tx, const Viewer& viewer, Hidden hidden, SharedKey after, int limit, Millis now);

// Out of the list, and back; no right changes. Errors: those of require for View.
Result<void> hide_shared(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, bool hide);
// Gives back what was given to the viewer in person. Errors: sharing.item, sharing.not_given_directly (Conflict).
Result<void> leave_shared(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);

} // namespace preau::sharing
