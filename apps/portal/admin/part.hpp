// Which part of the tree a list of administration is of: what is offered, and what is chosen.
#pragma once

#include "identity/structure_detail.hpp"
#include "portal/admin/admin.hpp"

namespace preau::portal {

struct Part {
    bool anywhere = false; // may be of everywhere
    std::vector<identity::StructureRow> roots;
    identity::StructureRow chosen; // without an id: everywhere
};
// `roots`: those of Rights::roots. `chosen` lies in or below one of them: whether it does is for the caller.
Part part_of(db::Tx& tx, const std::vector<StructureId>& roots, StructureId chosen);
// Everywhere, what is chosen, the roots; each once.
std::vector<AdminChoice> part_choices(const web::Locale& locale, const Part& part);

} // namespace preau::portal
