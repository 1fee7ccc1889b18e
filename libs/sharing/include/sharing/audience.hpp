// Who sees an item, in words: as a list for who manages it, as a chip for every row and page.
#pragma once

#include "identity/directory.hpp"
#include "sharing/access.hpp"
#include "web/locale.hpp"

namespace preau::sharing {

// ---- The chip: "Moi", "6e B + familles", "Nadia Haddad", "3 personnes", "Public". Inherited rights count.
struct ChipItem {
    ItemId id;
    ItemId parent; // none: the root of a space
    bool restricted = false;
};
inline ChipItem chip_item(const Item& item) { return {item.id, item.parent, item.restricted}; }

struct Audience { // of one item, as this viewer reads it: the viewer is not named
    bool everybody = false;
    bool signed_in = false;
    int links = 0;
    int people = 0;
    int groups = 0;                       // groups, classes and structures
    std::vector<std::string> group_names; // of the first two
    std::vector<std::string> functions;   // per name: "teacher" where those of that structure are meant
    std::vector<bool> with_families;      // per name: 6e B and its families
    std::vector<bool> families_only;
    std::string person_name; // of the only one
    bool school = false;     // the first name is that of a structure
    std::vector<GroupId> own_families; // classes of the viewer whose families it reaches
};
// In the order of `items`; five queries whatever the number of items, rights and people.
std::vector<Audience> audiences(db::Tx& tx, const Viewer& viewer, const std::vector<ChipItem>& items, Millis now);

struct Chip {
    std::string text;
    std::string icon;
};
Chip chip_of(const web::Locale& locale, const Audience& audience);
std::vector<Chip> audience_chips(db::Tx& tx, const web::Locale& locale, const Viewer& viewer,
                                 const std::vector<ChipItem>& items, Millis now);

// ---- The list.
struct AccessLine {
    Grant grant;
    std::string icon; // "user", "users", "world", …
    std::string name;
    std::string detail; // "Professeure · Collège Jean-Moulin"
    bool you = false;
    bool closed = false;    // the account is
    bool inherited = false; // stands on a folder above
    ItemId from;            // that folder, if the viewer may see it
    std::string from_title, from_kind;
};
// Own ones first, then the inherited from the nearest folder up; not the links, which have a list of their own.
std::vector<AccessLine> access_lines(db::Tx& tx, const web::Locale& locale, const Viewer& viewer, const Item& item,
                                     Millis now);

std::string words_for(const web::Locale& locale, Role role, bool deposit); // "peut voir et déposer"
std::string icon_of(Subject::Kind kind);
// "Professeure · Collège Jean-Moulin"; a function without words of its own is left out.
std::string detail_of(const web::Locale& locale, std::string_view function, std::string_view place);
// "6e B, familles"; "Enseignants — Collège Jean-Moulin" where a function is meant.
std::string name_of(const web::Locale& locale, Subject subject, std::string_view name, std::string_view function = {});
// The same of what identity::names_of() found about it; who is gone has words too.
std::string name_of(const web::Locale& locale, Subject subject, const std::map<Subject, identity::Named>& names);
std::string people_words(const web::Locale& locale, std::string_view function); // "Enseignants"

// A personal space has the name that fits the reader and their language, whatever stands in its row.
std::string shown_title(const Item& item, const Viewer& viewer, const web::Locale& locale);

} // namespace preau::sharing
