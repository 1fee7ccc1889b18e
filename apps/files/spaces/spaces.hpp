// Spaces of a team, as pages show them: making one, and what its members and managers may do with it.
#pragma once

#include "files/folder/side.hpp"

#include <string>
#include <vector>

namespace preau::files {

struct GroupChoiceView {
    std::string id;
    std::string name;
    std::string icon; // "school" for a class
    bool chosen = false;
};
PREAU_DESCRIBE(GroupChoiceView, id, name, icon, chosen)

struct NewSpaceView {
    SideView side;
    std::string title; // as typed
    std::string title_error;
    bool has_error = false;
    std::vector<GroupChoiceView> groups;
    bool has_groups = false;
    bool may_view = false; // what the groups may do, as chosen
    bool may_edit = true;
    bool may_manage = false;
};
PREAU_DESCRIBE(NewSpaceView, side, title, title_error, has_error, groups, has_groups, may_view, may_edit, may_manage)

struct SpaceView {
    SideView side;
    std::string id;
    std::string title;
    std::string typed_title;
    std::string title_error;
    bool has_error = false;
    std::string may; // "vous pouvez gérer cet espace"
    bool may_manage = false;
    bool trashed = false;
    std::string trashed_text; // "Supprimé hier, 18 h 04. Il peut être rétabli jusqu’au 7 octobre 2026."
    std::string problem;      // of what was just tried
    bool has_problem = false;
};
PREAU_DESCRIBE(SpaceView, side, id, title, typed_title, title_error, has_error, may, may_manage, trashed, trashed_text,
               problem, has_problem)

struct ArchiveLineView {
    std::string name, href;
};
PREAU_DESCRIBE(ArchiveLineView, name, href)

struct ArchivesView { // spaces of classes whose year has ended
    SideView side;
    std::vector<ArchiveLineView> spaces;
    bool empty = false;
};
PREAU_DESCRIBE(ArchivesView, side, spaces, empty)

} // namespace preau::files
