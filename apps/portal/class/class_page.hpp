// The one permanent page of a class: everything that was shared with its families, from every app, so that a parent
// keeps one address and not forty. Staff of the class also see its roster's size and the link to hand out.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"
#include "portal/portal.hpp"

#include <optional>

namespace preau::portal {

struct ClassData {
    identity::Group group;
    std::string structure;
    bool staff = false;
    std::string pupil; // whose personal link this is; empty for the link of the whole class
    std::vector<sharing::ChildRow> items;
    std::int64_t pupils = 0;               // on the roster; for staff
    std::optional<std::string> class_link; // token; for staff
};
// Errors: portal.no_such_class (NotFound) for who is neither staff of the class nor came by one of its links.
Result<ClassData> class_data(db::Tx& tx, const sharing::World& world, const Viewer& viewer, GroupId group, Millis now);

struct ClassItemRow {
    std::string title;
    std::string href;
    std::string hue;
    std::string icon;
    std::string detail;
};
PREAU_DESCRIBE(ClassItemRow, title, href, hue, icon, detail)

struct ClassView {
    std::string name;
    std::string structure;
    std::string pupil;
    bool staff = false;
    bool has_pupil = false;
    bool has_items = false;
    std::vector<ClassItemRow> items;
    std::string roster; // "26 élèves"
    std::string link;   // whole address of the class link
    bool has_link = false;
    web::Html qr;
};
PREAU_DESCRIBE(ClassView, name, structure, pupil, staff, has_pupil, has_items, items, roster, link, has_link, qr)

namespace store {
std::optional<LinkId> find_class_link(db::Tx& tx, GroupId group);
} // namespace store

void preload_class(web::Pages& pages);
void class_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
