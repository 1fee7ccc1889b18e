#include "portal/admin/part.hpp"

#include <algorithm>

namespace preau::portal {

Part part_of(db::Tx& tx, const std::vector<StructureId>& roots, StructureId chosen) {
    Part part{.anywhere = std::ranges::find(roots, StructureId{}) != roots.end()};
    auto wanted = roots;
    wanted.push_back(chosen);
    for (auto& row : identity::structures_named(tx, wanted)) {
        if (row.id == chosen) part.chosen = row;
        if (std::ranges::find(roots, row.id) != roots.end()) part.roots.push_back(std::move(row));
    }
    return part;
}

std::vector<AdminChoice> part_choices(const web::Locale& locale, const Part& part) {
    std::vector<AdminChoice> choices;
    if (part.anywhere) choices.push_back({.text = locale.text("admin.everywhere"), .chosen = !part.chosen.id});
    if (part.chosen.id &&
        std::ranges::find(part.roots, part.chosen.id, &identity::StructureRow::id) == part.roots.end())
        choices.push_back({.value = to_text(part.chosen.id), .text = part.chosen.name, .chosen = true});
    for (const auto& root : part.roots)
        choices.push_back({.value = to_text(root.id), .text = root.name, .chosen = root.id == part.chosen.id});
    return choices;
}

} // namespace preau::portal
