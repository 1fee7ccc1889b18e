// The side column of every page of the app: one's own space, those of teams, classes, and the lists across all of them.
#pragma once

#include "identity/people.hpp"
#include "sharing/team.hpp"

#include <string>
#include <vector>

namespace preau::files {

struct Side { // what was found for a viewer, in two queries
    std::vector<sharing::TeamRow> teams, archives; // archives: of classes whose year has ended
    std::vector<identity::Group> classes;
};
Side find_side(db::Tx& tx, const Viewer& viewer, Millis now);

struct SideLinkView {
    std::string name;
    std::string href;
    bool here = false;
};
PREAU_DESCRIBE(SideLinkView, name, href, here)

struct SideView {
    bool at_own = false;
    bool at_recents = false;
    bool at_favourites = false;
    bool at_shared = false;
    bool at_trash = false;
    bool at_archives = false, has_archives = false;
    std::vector<SideLinkView> teams;
    std::vector<SideLinkView> classes;
};
PREAU_DESCRIBE(SideView, at_own, at_recents, at_favourites, at_shared, at_trash, at_archives, has_archives, teams,
               classes)

enum class At { Elsewhere, Own, Recents, Favourites, Shared, Trash, Archives };
SideView side_view(const Side& side, At at, ItemId team = {}); // `team`: the root of the page, if it stands in one

} // namespace preau::files
