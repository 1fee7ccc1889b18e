// Somebody leaves for good: what they alone answered for goes to a successor, or stops, what they administered is laid
// down, and the account is closed, in one act. Functions stay with the closed account, so that who opens it again by
// mistake of the list finds the person where they worked.
#pragma once

#include "portal/admin/admin.hpp"
#include "sharing/hand_over.hpp"

namespace preau::portal {

struct Departure {
    PersonId person;
    PersonId successor; // none: nobody takes over
    std::string title;  // of the space that the files become
    bool end_links = false;
};
struct Departed {
    sharing::HandedOver handed;
    int delegations = 0;
};
// In the lanes of administration and of `held` (sharing::places_of_leaving). Events: those of hand_over, person.left
// and person.closed. Errors: admin.none, those of identity::close_account, leaving.oneself, leaving.successor_closed
// (field `successor`), those of hand_over.
Result<Departed> depart(db::Tx& tx, Portal& portal, const Viewer& viewer, const Departure& departure,
                        const std::vector<ItemId>& held);

void preload_leaving(web::Pages& pages);
void leaving_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
