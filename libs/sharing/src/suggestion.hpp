// What the field "Avec qui ?" completes: people, groups, classes and their families, structures, everybody signed in.
#pragma once

#include "identity/viewer.hpp"
#include "sharing/audience.hpp"
#include "sharing/item.hpp"

namespace preau::sharing {

struct Suggestion {
    std::string to; // "person-6k2…"
    std::string name;
    std::string detail;
    std::string icon;
    bool chosen = false; // on the page without script
    bool off = false;    // shown, with the reason as detail, and not to be chosen
};
PREAU_DESCRIBE(Suggestion, to, name, detail, icon, chosen, off)

// Whether the item's structure shows anything to the public: asked for whom the answer is offered or not.
enum class PublicSharing { Possible, Off };
PublicSharing public_sharing_of(db::Tx& tx, const Item& item);

// At most 40; nothing typed: those nearest to the viewer.
std::vector<Suggestion> suggestions(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, std::string_view typed,
                                    PublicSharing public_sharing);

} // namespace preau::sharing
