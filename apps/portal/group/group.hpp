// Groups: /groups lists mine and those to discover, /groups/ID is the page of one: what it is, who is in it, what is
// shared with it, who asks to come in. Rules and rows are identity's (identity/groups.hpp); here is what happens around
// them: events, letters, pages.
#pragma once

#include "base/describe.hpp"
#include "identity/groups.hpp"
#include "portal/portal.hpp"

#include <optional>

namespace preau::portal {

// ---- Deeds: what identity does, with the event and the letters that belong to it. Called under lane_of(group).
namespace group_deeds {
using Outcome = Result<std::vector<PersonId>>; // whose rights changed: Identity forgets them after the commit
Outcome join(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group);
Outcome ask(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::string_view message);
Outcome decide(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who,
               identity::Decision decision); // told to who asked, by mail
Outcome invite(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, const std::vector<PersonId>& who);
Outcome answer(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, identity::Decision decision);
Outcome leave(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group);
Outcome remove(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who);
Outcome set_role(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, PersonId who, std::string_view role);
Outcome join_by_link(db::Tx& tx, Portal& portal, const Viewer& viewer, const identity::GroupLink& link);
} // namespace group_deeds

void record_group_event(db::Tx& tx, Portal& portal, const Viewer& viewer, std::string_view kind, GroupId group,
                        PersonId about = {}, std::string_view role = {}, StructureId structure = {});

// What waits in groups: requests to decide, invitations. For sharing::Kinds::add_waits.
std::vector<sharing::Waits> group_waits(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now);

std::string group_address(GroupId group); // "/groups/6k2…"
std::string class_or_group_address(const identity::GroupCard& group);
std::string joining_words(const web::Locale& locale, const identity::GroupCard& group); // "Sur demande", "Fermé"
std::optional<GroupId> group_of(const http::Request& request);

void preload_groups(web::Pages& pages);
void group_routes(http::Router& routes, Portal& portal); // all of the below
void group_list_routes(http::Router& routes, Portal& portal);
void group_page_routes(http::Router& routes, Portal& portal);
void group_deed_routes(http::Router& routes, Portal& portal);
void preload_group_lists(web::Pages& pages);
void preload_group_page(web::Pages& pages);

} // namespace preau::portal
