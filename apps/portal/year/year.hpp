// /structures/ID/year: an administrator's September. Classes are closed with their school year, others are opened, and
// what is closed stands in the archives of its year, from where it comes back. Who may: identity::keeps_school_year.
//
// An act is one transaction: a server that ends in the middle has closed nothing, or all of it.
#pragma once

#include "base/describe.hpp"
#include "identity/school_year.hpp"
#include "portal/portal.hpp"
#include "sharing/archive.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::portal {

// ---- Rules. Errors of all: identity.structure (NotFound), year.not_yours (Forbidden), and those of
// identity/school_year.hpp and sharing/archive.hpp.
Result<identity::Structure> require_year(db::Tx& tx, const Portal& portal, const Viewer& viewer, StructureId structure);

// What an act needs to hold, read before it: lanes of the classes and of the spaces that they manage.
struct YearHold {
    StructureId structure;
    std::vector<GroupId> classes;
    std::vector<ItemId> roots;
    std::vector<db::Lane> lanes() const;
};
YearHold hold_classes(db::Tx& tx, StructureId structure, const std::vector<GroupId>& classes);

struct YearClosed {
    identity::ClosingId closing;
    std::int64_t classes = 0, links = 0, rights = 0;
};
PREAU_DESCRIBE(YearClosed, closing, classes, links, rights)
// Event class.closed for each.
Result<YearClosed> close_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                              std::string_view year);
// How many were opened; event class.reopened for each. Errors: identity.class_open_already (Conflict).
Result<std::int64_t> reopen_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold);
// The whole act, as far as it still stands. Errors: year.no_such_closing (NotFound), year.undo_late (Conflict).
Result<std::int64_t> undo_year(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                               identity::ClosingId closing);
// Event class.opened for each. Under lane_of(structure).
Result<std::vector<GroupId>> open_year(db::Tx& tx, Portal& portal, const Viewer& viewer,
                                       const identity::Opening& opening);
// Whoever a login or mail address names becomes an owner of the class; event class.staff_named. Under lane_of(class).
Result<PersonId> name_staff(db::Tx& tx, Portal& portal, const Viewer& viewer, const YearHold& hold,
                            std::string_view login);

// ---- Pages.
struct YearSaid { // what was typed, and what was wrong with it
    std::string names, year, login, chosen;
    std::optional<Error> problem;
};
Task<http::Response> year_page(Portal& portal, http::Request& request, YearSaid said);
Task<http::Response> archives_page(Portal& portal, http::Request& request, std::optional<Error> problem);
StructureId structure_of_year(const http::Request& request);
std::string year_address(StructureId structure);
identity::SchoolYears years_now(const Portal& portal, const identity::Structure& structure);
std::string class_detail(const web::Locale& locale, const identity::SchoolClass& one); // "26 élèves · 4 personnes"

void preload_year(web::Pages& pages);
void preload_year_acts(web::Pages& pages);
void year_routes(http::Router& routes, Portal& portal); // all
void year_act_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
