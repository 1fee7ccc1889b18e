// The one permanent page of a class: everything that was shared with its families, from every app, so that a parent
// keeps one address and not forty. Staff of the class also see its roster's size and the link to hand out.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"
#include "portal/portal.hpp"
#include "sharing/audience.hpp"

#include <optional>

namespace preau::portal {

struct ClassData {
    identity::Group group;
    bool closed = false;
    std::string year; // that ended, of a class that is closed
    std::string structure;
    bool staff = false;
    bool keeps_roster = false; // of its staff, no guest, while it is open
    std::string pupil; // whose personal link this is; empty for the link of the whole class
    std::vector<sharing::ChildRow> items;
    std::vector<sharing::Audience> audiences; // of the items, for staff: whom each reaches beside the families
    std::vector<bool> managed;                // of the items, for staff
    std::vector<identity::Pupil> pupils;   // the roster; for staff
    std::optional<std::string> class_link; // token; for staff
};
// Errors: portal.no_such_class (NotFound) for who is neither staff of the class nor came by one of its links;
// link.class_ended (Gone) for who looks at a closed class as its families would.
Result<ClassData> class_data(db::Tx& tx, const sharing::World& world, const Viewer& viewer, GroupId group, Millis now);

struct ClassItemRow {
    std::string title;
    std::string href;
    std::string hue;
    std::string icon;
    std::string detail;
    bool staff = false; // what follows is for them
    std::string audience, audience_icon;
    bool may_manage = false;
    std::string id;
    std::string see_as;  // "families-…"
    std::string actions; // "Actions pour Fiche.pdf"
};
PREAU_DESCRIBE(ClassItemRow, title, href, hue, icon, detail, staff, audience, audience_icon, may_manage, id, see_as,
               actions)

struct PupilRow {
    std::string id, name;
};
PREAU_DESCRIBE(PupilRow, id, name)

struct ClassView {
    std::string id, group;
    std::string name;
    std::string structure;
    std::string pupil;
    bool staff = false, keeps_roster = false;
    bool has_pupil = false;
    bool has_items = false;
    std::vector<ClassItemRow> items;
    std::string roster; // "26 élèves"
    std::string link;   // whole address of the class link
    bool has_link = false;
    web::Html qr;
    std::vector<PupilRow> pupils;
    std::string roster_problem, roster_typed;
    bool archived = false;
    std::string archived_words; // "Archivée — année 2025-2026"
};
PREAU_DESCRIBE(ClassView, id, group, name, structure, pupil, staff, keeps_roster, has_pupil, has_items, items, roster,
               link, has_link, qr, pupils, roster_problem, roster_typed, archived, archived_words)

// Staff of the class add a name, with a personal link for its family, or take it off: then that link opens nothing any
// more. Under lane_of(group).
Result<void> add_pupil(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::string_view name);
Result<void> remove_pupil(db::Tx& tx, Portal& portal, const Viewer& viewer, GroupId group, std::int64_t pupil);

// A list, and not a hand, changed the roster from `before` to what it is now: whose name is another keeps their
// personal link, who is gone has none any more, who comes back within ten minutes has it again. No rights are asked.
enum class Newcomers { GetLinks, GetNone };
Result<void> links_follow_roster(db::Tx& tx, sharing::World& world, GroupId group,
                                 const std::vector<identity::Pupil>& before, Newcomers newcomers);

namespace store {
std::optional<LinkId> find_class_link(db::Tx& tx, GroupId group);
struct PlaceRow { // where an item stands, for the words that say whom it reaches
    ItemId id, parent;
};
PREAU_DESCRIBE(PlaceRow, id, parent)
std::vector<PlaceRow> places_of(db::Tx& tx, const std::vector<std::int64_t>& ids); // in any order
std::vector<LinkId> pupil_links(db::Tx& tx, GroupId group, std::string_view pupil);
std::optional<LinkId> last_revoked_link(db::Tx& tx, GroupId group, std::string_view pupil);
void rename_pupil_links(db::Tx& tx, GroupId group, std::string_view before, std::string_view after);
} // namespace store

void preload_class(web::Pages& pages);
void class_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
