// /admin/groups: groups and classes of a part of the tree, for whoever administers people there: which there are, who
// answers for them, and what is set right when nobody does. Never what is shared in one.
#pragma once

#include "identity/overseen_groups.hpp"
#include "portal/admin/admin.hpp"

namespace preau::portal {

// Rules. Each asks for the right in the transaction that acts, and writes what was done into the journal. Errors of
// all: admin.none, admin.not_yours (Forbidden), identity.group (NotFound) of one that stands elsewhere, and those of
// identity/overseen_groups.hpp. Under administration_lanes() and lane_of(group).
struct GroupActs {
    Portal& portal;
    Viewer viewer;
    Millis now = 0;

    // Somebody who works in what one administers, by login or mail address, or by their number; never oneself: an
    // owner sees what is shared in the group. Errors: group_admin.nobody_here (Invalid, field `login`),
    // group_admin.oneself (Forbidden).
    Result<PersonId> name_owner(db::Tx& tx, GroupId group, std::string_view login, PersonId person) const;
    Result<void> take_ownership(db::Tx& tx, GroupId group, PersonId person) const;
    Result<void> change(db::Tx& tx, GroupId group, const identity::GroupSettings& settings) const;
    // `roots`: of sharing::roots_of_classes, whose lanes are held too. What the group could do, it reads.
    Result<void> close(db::Tx& tx, GroupId group, const std::vector<ItemId>& roots) const;
    Result<void> reopen(db::Tx& tx, GroupId group, const std::vector<ItemId>& roots) const;
};
Result<identity::OverseenGroup> require_overseen(db::Tx& tx, const identity::Rights& rights, GroupId group);

std::string group_kind_words(const web::Locale& locale, std::string_view kind);  // "class" → "Classe"
std::string group_state_words(const web::Locale& locale, const identity::OverseenGroup& group); // empty: open
std::string group_admin_address(GroupId group); // "/admin/groups/6k2…"
Task<http::Response> group_admin_page(Portal& portal, http::Request& request, GroupId group,
                                      std::optional<Error> problem);

void preload_group_admin(web::Pages& pages);
void preload_group_admin_list(web::Pages& pages);
void preload_group_admin_page(web::Pages& pages);
void group_admin_routes(http::Router& routes, Portal& portal); // all of the below
void group_admin_list_routes(http::Router& routes, Portal& portal);
void group_admin_page_routes(http::Router& routes, Portal& portal);
void group_admin_act_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
