// /guests: the people whom I invited from outside, until when, and the form that invites one more. Rules and rows are
// identity's (identity/guests.hpp); here are events, letters, pages.
#pragma once

#include "base/describe.hpp"
#include "identity/guests.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

// Invites and sends the link that opens the account, once, within a week. Under the lane of the sponsor.
Result<identity::GuestRow> invite_and_tell(db::Tx& tx, Portal& portal, const Viewer& viewer,
                                           const identity::GuestForm& form, web::Language language);
// A new link for who did not come, or lost their password. Errors: identity.guest.
Result<void> tell_again(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId guest, web::Language language);
Result<identity::GuestRow> prolong_and_record(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId guest,
                                              Millis until);
Result<identity::GuestRow> end_and_record(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId guest);
// Sponsors and guests whose end is near; answers how many were told.
int tell_ending(db::Tx& tx, Portal& portal, int limit);

void install_guests(Portal& portal); // its job: before jobs.start()
void preload_guests(web::Pages& pages);
void guest_routes(http::Router& routes, Portal& portal);
void guest_policy_routes(http::Router& routes, Portal& portal);
void preload_guest_policy(web::Pages& pages);

} // namespace preau::portal
