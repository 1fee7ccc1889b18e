// What people without an account may open, as who administers sees it: share links and items shown to everybody, of a
// part of the tree, listed a page at a time, suspended many at once with a reason, and opened again as they were.
//
// A suspended link opens nothing from the next request on; its owner sees why, may end it, and cannot open it. A
// suspended item is not shown to everybody, and its owner cannot publish it again until the suspension is lifted.
// Links of classes have no maker: they stand on the pages of their classes.
#pragma once

#include "sharing/tree.hpp"

#include <limits>

namespace preau::sharing {

using SuspensionId = Id<struct SuspensionTag>;

struct ShownFilter {
    enum class What { Links, Public } what = What::Links;
    bool suspended = false; // those that are suspended, else those that are open
    StructureId structure;  // made by somebody who works in it or below it; none: everywhere
    PersonId maker;         // made by this person alone; the structure does not count then
    bool endless = false;   // only what has no end
    bool writes = false;    // only links by which one may write or hand in
};
struct Shown {
    LinkId link; // none: an item that everybody may view
    ItemId item;
    std::string kind;  // of the item
    std::string
        title; // of public items alone: what a link shows, and what its maker calls it, is not for who administers
    Role role = Role::View;
    bool deposit = false;
    std::optional<Millis> until;
    PersonId made_by;
    std::string maker; // name
    Millis at = 0;     // when it was made
    std::int64_t uses = 0;
    std::string reason; // of the suspension
};
PREAU_DESCRIBE(Shown, link, item, kind, title, role, deposit, until, made_by, maker, at, uses, reason)
struct ShownPage {
    std::vector<Shown> rows; // newest first
    std::optional<std::int64_t> next; // nothing: that was all
};
// No rights asked. A bounded number of rows is looked at, so a page may hold fewer than `limit` and still be followed
// by another (docs/adr/0012). A constant number of queries.
ShownPage list_shown(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int limit, Millis now);
inline constexpr std::int64_t first_shown = std::numeric_limits<std::int64_t>::max();

// Whom the links and public items belong to.
struct ShownMaker {
    std::int64_t id = 0; // of link or item
    PersonId maker;
};
PREAU_DESCRIBE(ShownMaker, id, maker)

// The same list without what is written about its rows, for an act on all of it. `limit`: at most 10,000; fewer come of
// a large part (see list_shown).
struct ShownKeys {
    std::vector<ShownMaker> rows;
    std::optional<std::int64_t> next;
};
ShownKeys shown_keys(db::Tx& tx, const ShownFilter& filter, std::int64_t before, int limit, Millis now);

// One act. `reason`: 1 to 500 characters, shown to the owners.
Result<SuspensionId> begin_suspension(db::Tx& tx, World& world, const Viewer& by, std::string_view reason);

// What is still suspended by one act, newest first, from below `before`.
ShownKeys suspended_by(db::Tx& tx, SuspensionId suspension, ShownFilter::What what, std::int64_t before, int limit);
// Of these people, those of whom that act suspended something: they have been written to.
std::vector<PersonId> touched_by(db::Tx& tx, SuspensionId suspension, const std::vector<PersonId>& makers);

// What does not exist is left out. Whether `by` may is the caller's question.
std::vector<ShownMaker> makers_of_links(db::Tx& tx, const std::vector<LinkId>& links);
std::vector<ShownMaker> makers_of_public(db::Tx& tx, const std::vector<ItemId>& items);

// Answer those that changed: what is suspended, or open, already stays as it is. Public items: under the lane of their
// space. Events link.suspended, link.resumed, publishing.suspended, publishing.resumed.
std::vector<LinkId> suspend_links(db::Tx& tx, World& world, const Viewer& by, SuspensionId suspension,
                                  const std::vector<LinkId>& links);
std::vector<LinkId> resume_links(db::Tx& tx, World& world, const Viewer& by, const std::vector<LinkId>& links);
bool suspend_public(db::Tx& tx, World& world, const Viewer& by, SuspensionId suspension, ItemId item);
bool resume_public(db::Tx& tx, World& world, const Viewer& by, ItemId item);
// Why an item is not shown to everybody any more, nothing: nobody suspended it.
std::optional<std::string> public_suspended(db::Tx& tx, ItemId item);

} // namespace preau::sharing
