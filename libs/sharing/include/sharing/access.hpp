// can(): one function, denies by default, and can say why.
//
// A viewer's role on an item is the highest of the unexpired grants to any of their subjects on the item and its
// ancestors. Going up stops at a `restricted` item, except for Manage grants on the root of the space. Below a `trash`
// item, and in a space that was thrown away as a whole, only Manage grants on the root count. Owning is a label: the
// maker of a space gets a Manage grant row. Deposit is satisfied by a Deposit grant or by Edit and above.
#pragma once

#include "sharing/item.hpp"

namespace preau::sharing {

struct World; // sharing/tree.hpp

struct Grant {
    ItemId item;
    Subject::Kind subject_kind = Subject::Kind::Person;
    std::int64_t subject = 0;
    Role role = Role::View;
    std::optional<Millis> until; // not valid from this moment on
    PersonId given_by;
    bool deposit = false; // may also hand in: beside the ladder, so that a family can see and give
};
PREAU_DESCRIBE(Grant, item, subject_kind, subject, role, until, given_by, deposit)

struct Reason {
    enum class Why { Granted, NoGrant, NoSuchItem, Trashed, Restricted };
    Why why = Why::NoGrant;
    std::optional<Grant> grant; // the one that decided, on the item itself or on an ancestor
};
struct Standing { // what a viewer may do with an item, found in one query
    Role role = Role::None; // of the ladder
    bool deposit = false;
    bool trashed = false;   // it or an ancestor is in the trash
    int depth = 0;          // levels between it and the root of its space
    int height = 0;         // levels of items below it: never more than that, perhaps less
    std::optional<Item> item; // nothing: no such item
    Reason reason;
    bool can(Action action) const;
};

Standing standing(db::Tx& tx, const Viewer& viewer, ItemId item, Millis now); // one query
// The same for a page of items, in one query; in the order of `items`. Their `item` is left empty: the caller has the
// rows.
struct Reach {
    Role role = Role::None;
    bool deposit = false;
    bool trashed = false;
};
std::vector<Reach> reaches(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items, Millis now);
bool can(db::Tx& tx, const Viewer& viewer, Action action, ItemId item, Millis now);
// The item, or not_found("sharing.item") for who may not even see it, or forbidden("sharing.role") for who may see it.
Result<Item> allow(const Standing& standing, Action action);
Result<Item> require(db::Tx& tx, const Viewer& viewer, Action action, ItemId item, Millis now);

// Gives, changes or (Role::None) takes away. The caller has checked Manage. Writes the event item.granted /
// item.ungranted.
void set_grant(db::Tx& tx, World& world, const Viewer& by, const Grant& grant);
std::vector<Grant> grants_on(db::Tx& tx, ItemId item); // own ones, not inherited

} // namespace preau::sharing
