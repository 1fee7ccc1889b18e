// /admin/shown: what people without an account may open (share links, items shown to everybody), of a part of the tree,
// listed, filtered, suspended many at once with a reason that their owners read, and opened again.
//
// Who has the role of people for a part sees what is made by those who work in it. What a link shows, and what it is
// called, stays unnamed: administering is not reading.
#pragma once

#include "portal/admin/admin.hpp"
#include "sharing/suspension.hpp"

namespace preau::portal {

// What a form names: "link-6k2…" or "item-6k2…".
struct Chosen {
    std::vector<LinkId> links;
    std::vector<ItemId> items;
    bool empty() const { return links.empty() && items.empty(); }
};

using sharing::ShownFilter;

// Which list, as its address says it.
struct ShownQuestion {
    ShownFilter filter;
    std::string show; // "links", "public", "suspended-links", "suspended-public"
    std::string structure, login;
    std::int64_t before = sharing::first_shown;
    bool nobody = false; // of somebody who is not there, or not theirs to see
};
ShownQuestion shown_question(const http::Request& request);
// The same list elsewhere; without `before` from its beginning.
std::string shown_address(std::string page, const ShownQuestion& asked, std::optional<std::int64_t> before = {});
// Fills in the part of the tree and the person. Errors: admin.none, admin.not_yours.
Result<identity::Rights> settle_question(db::Tx& tx, const Viewer& viewer, ShownQuestion& asked, Millis now);

struct ShownActs {
    Portal& portal;
    Viewer viewer;

    // Of links, in the lane of administration. Each maker must work in what `viewer` administers: those of others make
    // the whole act fail with admin.not_yours. Nobody but an administrator of all opens what is their own: shown.own.
    // Owners are written to, once each.
    Result<std::vector<LinkId>> suspend(db::Tx& tx, std::string_view reason, const std::vector<LinkId>& links) const;
    Result<std::vector<LinkId>> resume(db::Tx& tx, const std::vector<LinkId>& links) const;
    // Of one public item, in the lane of its space.
    Result<bool> suspend(db::Tx& tx, std::string_view reason, ItemId item) const;
    Result<bool> resume(db::Tx& tx, ItemId item) const;
};

// The letter to whom it belonged.
void tell_suspended(db::Tx& tx, Portal& portal, PersonId owner, std::string_view reason, ShownFilter::What what);

void preload_shown(web::Pages& pages);
void shown_list_routes(http::Router& routes, Portal& portal);
void shown_act_routes(http::Router& routes, Portal& portal);
Task<http::Response> shown_page(Portal& portal, http::Request& request, std::string notice,
                                std::optional<Error> problem, const Chosen& undo);

} // namespace preau::portal
