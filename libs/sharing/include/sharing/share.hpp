// Giving and taking rights: what the sharing dialog and its API may do. Called under the lane of the item's space, so
// that two who manage it at once decide one after the other.
#pragma once

#include "sharing/tree.hpp"

#include <string>
#include <string_view>

namespace preau::sharing {

// How a subject is written in forms, addresses and JSON: "person-6k2…", "group-…", "structure-…", "families-…",
// "link-…", "signed-in", "public".
std::string text_of(Subject subject);
std::optional<Subject> parse_subject(std::string_view text);
// A function in a structure is also written "function-teacher-STRUCTURE", before anything was given to it.
struct Addressee {
    Subject to;
    std::string function; // of that long form: giving makes it a subject that viewers carry
    StructureId structure;
};
std::optional<Addressee> parse_addressee(std::string_view text);
std::string text_of(std::string_view function, StructureId structure); // the long form

struct Gift {
    Subject to; // anybody but a link, which is made by create_link(), and the public, whom publishing.hpp asks about
    Role role = Role::View;
    bool deposit = false;
    std::optional<Millis> until;
    std::string function = {}; // of an Addressee
    StructureId structure = {};
};
// Needs Manage; replaces what the subject had on this very item. Errors: sharing.item, sharing.role, sharing.trashed,
// share.role_impossible, link.until_past, share.no_such_subject, share.person_closed, share.not_your_group,
// share.guest, share.last_manager, share.class_closed, share.group_closed (Conflict).
Result<void> give(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, const Gift& gift);
// Answers what it was, so that it can be given back. Errors: share.not_given (NotFound), share.last_manager (Conflict).
Result<Grant> withdraw(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, Subject from);
// Nobody but the managers of the space inherits any more (on), or everybody does again. Whoever closes stays inside.
// Errors: share.space_inherits_nothing.
Result<Item> set_restricted(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, bool on);

bool role_possible(Subject::Kind kind, Role role, bool deposit); // whom one may give what, whatever the item

} // namespace preau::sharing
