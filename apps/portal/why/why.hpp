// "Why can X see Y?": the answer of can() in words, for support.
#pragma once

#include "portal/admin/admin.hpp"
#include "sharing/access.hpp"

namespace preau::portal {

struct WhyAnswer {
    PersonId person;
    std::string person_name;
    bool can_see = false;
    Role role = Role::None;
    bool deposit = false;
    sharing::Reason reason;
    int levels_up = 0;        // between the thing and where the right was given
    std::string kind;         // of the thing; never its title
    Subject given_to;         // of the grant that decides
    std::string given_to_name, given_to_function, given_by_name; // function: of a function below a structure
};
// Of somebody and a thing that both lie in what one supports: the person works there, and whoever made the thing, or
// whose space it stands in, does. The question stands in the journal. Errors: admin.none, admin.not_yours,
// identity.person, admin.why_unknown: no such thing, or nothing that one supports.
Result<WhyAnswer> ask_why(db::Tx& tx, Portal& portal, const Viewer& viewer, PersonId person, ItemId item, Millis now);
// The number at the end of an address: "https://preau.example/files/6k2…?x=1" → the item.
ItemId item_in_address(std::string_view address);

void preload_why(web::Pages& pages);
void why_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
