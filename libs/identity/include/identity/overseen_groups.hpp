// Groups and classes as whoever administers a part of the tree sees and changes them: what they are called, where they
// stand, who answers for them. Who may is for the caller (identity/administration.hpp); so is what was shared with
// them.
//
// All that changes something is called under lane_of(group).
#pragma once

#include "identity/groups.hpp"

namespace preau::identity {

struct OverseenGroup {
    GroupId id;
    std::string name, kind; // "group", "class"
    StructureId structure;  // none: found by invitation alone, administered by administrators of all
    std::string place;      // name of the structure
    std::string year;       // of a class; of a closed one the year that it was closed with
    std::int64_t members = 0;
    bool closed = false;
    bool led = false; // an owner has an account that is open
    std::string sort; // with the id: key of the page, in the order of the list that it is on
};
PREAU_DESCRIBE(OverseenGroup, id, name, kind, structure, place, year, members, closed, led, sort)

struct GroupFilter {
    std::string typed;     // beginnings of words of the name, in any order
    StructureId structure; // in or below it; none: everywhere, and those without a structure
    std::string kind;      // "group", "class"; empty: both
    enum class State { Any, Open, Closed } state = State::Any;
};
struct OverseenPage {
    std::vector<OverseenGroup> rows;
    std::optional<NameKey> next; // rows looked at are bounded: a page may hold fewer than `limit` and still go on
};
// In the order of their names; of typed words, in that of the directory where the part has many groups.
OverseenPage overseen_groups(db::Tx& tx, const GroupFilter& filter, const NameKey& after, int limit);
std::optional<OverseenGroup> overseen_group(db::Tx& tx, GroupId group);

// ---- Acts. Errors of all but reopening: identity.group (NotFound), identity.group_ended and identity.class_closed
// (Conflict).
// In the group or not; what they had asked is settled. Errors: identity.group_nobody (Invalid, field `login`) of a
// closed account, identity.guest_may_not (Invalid), identity.group_owner_already (Conflict).
Result<void> name_owner(db::Tx& tx, GroupId group, PersonId person, Millis now);
// They stay a member. Errors: identity.group_nobody (NotFound) who owns nothing here, identity.group_last_owner.
Result<void> take_ownership(db::Tx& tx, GroupId group, PersonId person);
struct GroupSettings {
    std::string name;
    std::optional<Joining> joining; // none, and of a class: stays as it is
};
// Errors: those of check_line (field `name`).
Result<void> set_group(db::Tx& tx, GroupId group, const GroupSettings& settings);
// Nobody comes in any more and nobody but administrators finds it; who is in it stays in it. Classes end with their
// school year (identity/school_year.hpp): identity.group_is_class (Conflict).
Result<void> close_group(db::Tx& tx, GroupId group, Millis now);
// Errors: identity.group, identity.group_is_class, identity.group_open_already (Conflict).
Result<void> reopen_group(db::Tx& tx, GroupId group);

} // namespace preau::identity
