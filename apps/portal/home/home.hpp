// The address `/`: a stranger learns what this is and signs in; a signed-in person goes on where they were.
// This page is the most visited of all (8 o'clock on the first Monday of September): one read, a constant number of
// queries, a view built without waste. bench/home.mjs measures it.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"
#include "portal/announcement/announcement.hpp"
#include "portal/portal.hpp"
#include "sharing/audience.hpp"

namespace preau::portal {

struct FolderName {
    ItemId id;
    std::string title;
};
PREAU_DESCRIBE(FolderName, id, title)

struct HomeData { // what the database says, for one person
    std::vector<sharing::Item> recent;
    std::vector<sharing::Item> favourites;
    std::vector<FolderName> folders; // around both, as far as they are this person's own
    std::vector<identity::Group> groups;
    std::map<ItemId, sharing::Audience> audiences; // whom the items above reach
    std::vector<sharing::Waits> waits; // what the apps say waits for this person
    std::vector<std::string> closed; // services that no structure of this person has open: not offered
    std::vector<AnnouncementLine> announcements; // the newest that they have not read
};
HomeData home_data(db::Tx& tx, const sharing::Kinds& kinds, const web::Locale& locale, const Viewer& viewer,
                   Millis now);

struct ItemRow {
    std::string title;
    std::string href;
    std::string hue;
    std::string icon;
    std::string detail; // the app it belongs to, and the folder
    std::string when;
};
PREAU_DESCRIBE(ItemRow, title, href, hue, icon, detail, when)

struct WaitsRow {
    std::string title;
    std::string href;
    std::string hue;
    std::string icon;
    std::string detail;
};
PREAU_DESCRIBE(WaitsRow, title, href, hue, icon, detail)

struct AnnouncementRow {
    std::string id, title, detail, excerpt, lang;
    bool wants_ack = false;
};
PREAU_DESCRIBE(AnnouncementRow, id, title, detail, excerpt, lang, wants_ack)

struct GroupRow {
    std::string name;
    std::string href;
};
PREAU_DESCRIBE(GroupRow, name, href)

struct HomeView {
    std::string today; // "Lundi 7 septembre"
    std::string structure;
    std::string first_name;
    bool has_structure = false;
    bool has_classes = false;
    bool has_recent = false;
    bool has_favourites = false;
    bool has_waits = false;
    std::vector<web::ServiceLink> services;
    std::vector<WaitsRow> waits;
    std::vector<ItemRow> recent;
    std::vector<ItemRow> favourites;
    std::vector<GroupRow> classes;
    bool has_announcements = false;
    std::vector<AnnouncementRow> announcements;
};
PREAU_DESCRIBE(HomeView, today, structure, first_name, has_structure, has_classes, has_recent, has_favourites,
               has_waits, services, waits, recent, favourites, classes, has_announcements, announcements)

struct LandingView {
    std::vector<web::ServiceLink> services;
};
PREAU_DESCRIBE(LandingView, services)

namespace store {
std::vector<FolderName> own_folders(db::Tx& tx, PersonId owner, const std::vector<std::int64_t>& ids);
}

void preload_home(web::Pages& pages);
void home_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
