// The trash of a space: what was thrown away, when, and the way back.
#pragma once

#include "base/describe.hpp"

#include <string>
#include <vector>

namespace preau::files {

struct TrashRowView {
    std::string id;
    std::string name;
    std::string icon;
    std::string hue;
    std::string when;    // "jeté hier, 18 h 04"
    std::string restore; // "Remettre Volcans.odp": the button's name for screen readers
};
PREAU_DESCRIBE(TrashRowView, id, name, icon, hue, when, restore)

struct TrashView {
    bool in_own = false;
    bool in_trash = true; // marks the current place in the side column
    std::vector<TrashRowView> rows;
    bool empty = false;
    bool has_next = false;
    std::string next;
    bool has_restored = false;
    std::string restored; // name of what was just put back
    std::string restored_href;
};
PREAU_DESCRIBE(TrashView, in_own, in_trash, rows, empty, has_next, next, has_restored, restored, restored_href)

} // namespace preau::files
