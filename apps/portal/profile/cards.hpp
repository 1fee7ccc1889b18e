// What somebody shows of themselves: their own page for it, and the card that others see.
#pragma once

#include "identity/profile.hpp"
#include "portal/account/account.hpp"
#include "portal/profile/person_picture.hpp"

namespace preau::portal {

// /account/card, perhaps with what was wrong and what had been typed.
Task<http::Response> own_card_page(Portal& portal, http::Request& request, std::optional<Error> problem,
                                   std::optional<identity::Profile> typed = {});

void preload_profile(web::Pages& pages);
void preload_own_card(web::Pages& pages);
void preload_person_card(web::Pages& pages);
void own_card_routes(http::Router& routes, Portal& portal);
void person_card_routes(http::Router& routes, Portal& portal); // /people/ID
void profile_card_routes(http::Router& routes, Portal& portal); // all of the above, and pictures

} // namespace preau::portal
