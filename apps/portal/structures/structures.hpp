// The tree: what everyone signed in reads of a structure, and what its administrators change.
#pragma once

#include "identity/school_calendar.hpp"
#include "identity/structure_detail.hpp"
#include "portal/admin/admin.hpp"
#include "portal/people/people_admin.hpp"

#include <vector>

namespace preau::portal {

// Rules. Errors of all: admin.none, admin.not_yours (of the role of structures), identity.structure, and those of
// identity/structure_detail.hpp.
struct StructureActs {
    Portal& portal;
    Viewer viewer;
    Millis now = 0;

    Result<StructureId> create(db::Tx& tx, StructureId parent, const identity::StructureForm& form) const;
    // What it is called, and what it says of itself.
    Result<void> change(db::Tx& tx, StructureId structure, const identity::StructureForm& form,
                        const identity::StructureCard& card) const;
    // From and to what one administers; to the top only by administrators of all. Delegations that rested on what stood
    // above end.
    Result<void> move(db::Tx& tx, StructureId structure, StructureId parent) const;
    Result<void> close(db::Tx& tx, StructureId structure) const;
    Result<void> open(db::Tx& tx, StructureId structure) const;
    Result<void> set_service(db::Tx& tx, StructureId structure, std::string_view service, bool open) const;
    Result<void> add_domain(db::Tx& tx, StructureId structure, std::string_view domain) const;
    Result<void> remove_domain(db::Tx& tx, StructureId structure, std::string_view domain) const;
    Result<void> set_logo(db::Tx& tx, StructureId structure, std::string_view bytes) const; // empty: none
    // Its calendar (identity/school_calendar.hpp, whose errors they answer).
    Result<void> add_period(db::Tx& tx, StructureId structure, const identity::PeriodForm& form) const;
    Result<void> remove_period(db::Tx& tx, StructureId structure, identity::PeriodId period) const;
    Result<void> set_calendar_zone(db::Tx& tx, StructureId structure, std::string_view zone) const;
    Result<void> follow_calendar_above(db::Tx& tx, StructureId structure) const;

private:
    Result<void> allow(db::Tx& tx, StructureId structure) const;
    void record(db::Tx& tx, std::string_view kind, StructureId structure, std::string role = {}) const;
};

struct Crumb {
    std::string href, name;
};
PREAU_DESCRIBE(Crumb, href, name)
std::vector<Crumb> crumbs_to(const std::vector<identity::Structure>& above,
                             std::string_view prefix); // without the last

std::string logo_address(const Portal& portal, StructureId structure, std::string_view hash); // empty: none
std::string service_words(const web::Locale& locale, std::string_view service);

// The page of a structure, perhaps with what was wrong and what had been typed.
Task<http::Response> structure_admin_page(Portal& portal, http::Request& request, StructureId id,
                                          std::optional<Error> problem, std::optional<Fields> said = {});
Task<http::Response> structure_new_page(Portal& portal, http::Request& request, StructureId under,
                                        std::optional<Error> problem, std::optional<Fields> said);

void preload_structures(web::Pages& pages);
void structures_routes(http::Router& routes, Portal& portal);
void preload_structure_tree(web::Pages& pages);
void preload_structure_admin(web::Pages& pages);
void preload_structure(web::Pages& pages);
void structure_tree_routes(http::Router& routes, Portal& portal); // /admin/structures
void structure_admin_routes(http::Router& routes, Portal& portal); // /admin/structures/ID
void structure_act_routes(http::Router& routes, Portal& portal);
void structure_routes(http::Router& routes, Portal& portal); // /structures/ID, for everyone signed in; logos

} // namespace preau::portal
