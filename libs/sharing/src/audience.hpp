// Who sees an item, in words: the grants on it and on what it stands in, with the names of people, classes and schools.
#pragma once

#include "sharing/access.hpp"
#include "web/locale.hpp"

namespace preau::sharing {

struct AudienceRow {
    std::string icon; // "user", "users", "world", …
    std::string name;
    std::string may; // "peut modifier"
    std::string from; // title of the folder that it is inherited from, empty: given here
};
PREAU_DESCRIBE(AudienceRow, icon, name, may, from)

std::string words_for(const web::Locale& locale, Role role, bool deposit); // "peut voir et déposer"
// Not the links, which have a list of their own.
std::vector<AudienceRow> audience_of(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const Item& item,
                                     Millis now);

} // namespace preau::sharing
