// "Coller la liste": the names of a class as a spreadsheet has them, shown as differences, made, and taken back.
#pragma once

#include "base/describe.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct RosterLine {
    std::string name, before; // `before` of who is written otherwise
};
PREAU_DESCRIBE(RosterLine, name, before)

struct RosterView {
    std::string id, name;       // of the class
    std::string pasted, mark;   // what was typed, and which roster it was compared with
    std::string problem, note, undo; // `undo`: the change that can be taken back
    bool compared = false;      // differences are shown
    bool differs = false;
    std::string unchanged;
    std::vector<RosterLine> adds, renames, removes;
    bool has_adds = false, has_renames = false, has_removes = false, has_mistakes = false;
    std::vector<RosterLine> mistakes;
    std::string count; // "26 élèves"
    std::vector<RosterLine> pupils;
};
PREAU_DESCRIBE(RosterView, id, name, pasted, mark, problem, note, undo, compared, differs, unchanged, adds, renames,
               removes, has_adds, has_renames, has_removes, has_mistakes, mistakes, count, pupils)

void preload_roster(web::Pages& pages);
void roster_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
