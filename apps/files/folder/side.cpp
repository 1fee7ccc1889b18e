#include "files/folder/side.hpp"

#include <algorithm>

namespace preau::files {

Side find_side(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person()) return {};
    Side side{.teams = sharing::teams_of(tx, viewer, now), .classes = identity::groups_of(tx, viewer.person)};
    for (const auto& team : side.teams)
        if (team.archived) side.archives.push_back(team);
    std::erase_if(side.teams, [](const sharing::TeamRow& team) { return team.archived; });
    std::erase_if(side.classes, [](const identity::Group& group) { return group.kind != "class"; });
    return side;
}

SideView side_view(const Side& side, At at, ItemId team) {
    SideView view{.at_own = at == At::Own,
                  .at_recents = at == At::Recents,
                  .at_favourites = at == At::Favourites,
                  .at_shared = at == At::Shared,
                  .at_trash = at == At::Trash && !team,
                  .at_archives = at == At::Archives ||
                                 std::ranges::any_of(side.archives, [&](const auto& one) { return one.id == team; }),
                  .has_archives = !side.archives.empty()};
    for (const auto& one : side.teams)
        view.teams.push_back({.name = one.title, .href = "/files/" + to_text(one.id), .here = team && one.id == team});
    for (const auto& one : side.classes)
        view.classes.push_back({.name = one.name, .href = "/class/" + to_text(one.id)});
    return view;
}

} // namespace preau::files
