// What the field "Avec qui ?" completes: people, groups, classes and their families, structures, everybody signed in.
#pragma once

#include "identity/viewer.hpp"
#include "sharing/audience.hpp"

namespace preau::sharing {

struct Suggestion {
    std::string to; // "person-6k2…"
    std::string name;
    std::string detail;
    std::string icon;
    bool chosen = false; // on the page without script
};
PREAU_DESCRIBE(Suggestion, to, name, detail, icon, chosen)

// At most 40; nothing typed: those nearest to the viewer.
std::vector<Suggestion> suggestions(db::Tx& tx, const web::Locale& locale, const Viewer& viewer,
                                    std::string_view typed);

} // namespace preau::sharing
