// The trash of a space: what was thrown away, when, and the way back.
#pragma once

#include "base/describe.hpp"
#include "files/folder/side.hpp"

#include <string>
#include <vector>

namespace preau::files {

struct TrashRowView {
    std::string id;
    std::string name;
    std::string icon;
    std::string hue;
    std::string when;    // "jeté hier, 18 h 04"
    std::string erase;   // "Supprimer définitivement Volcans.odp"
    std::string restore; // "Remettre Volcans.odp": the button's name for screen readers
};
PREAU_DESCRIBE(TrashRowView, id, name, icon, hue, when, erase, restore)

struct TrashSpaceView { // a space whose trash the reader may look into, or one that was thrown away itself
    std::string id;
    std::string name;
    std::string href;
    bool here = false;
    std::string when;
};
PREAU_DESCRIBE(TrashSpaceView, id, name, href, here, when)

struct TrashView {
    SideView side;
    std::string space; // id of a team's, empty: one's own
    std::vector<TrashSpaceView> spaces;
    bool has_spaces = false;
    std::vector<TrashSpaceView> thrown_spaces;
    bool has_thrown_spaces = false;
    std::vector<TrashRowView> rows;
    bool empty = false;
    bool has_next = false;
    std::string next;
    bool erased = false; // something was just deleted for good
    bool has_restored = false;
    std::string restored; // name of what was just put back
    std::string restored_href;
};
PREAU_DESCRIBE(TrashView, side, space, spaces, has_spaces, thrown_spaces, has_thrown_spaces, rows, empty, has_next,
               next, erased, has_restored, restored, restored_href)

} // namespace preau::files
