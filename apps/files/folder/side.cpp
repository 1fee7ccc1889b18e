#include "files/folder/side.hpp"

namespace preau::files {

Side find_side(db::Tx& tx, const Viewer& viewer, Millis now) {
    if (!viewer.is_person()) return {};
    Side side{.teams = sharing::teams_of(tx, viewer, now), .classes = identity::groups_of(tx, viewer.person)};
    std::erase_if(side.classes, [](const identity::Group& group) { return group.kind != "class"; });
    return side;
}

SideView side_view(const Side& side, At at, ItemId team) {
    SideView view{.at_own = at == At::Own,
                  .at_recents = at == At::Recents,
                  .at_favourites = at == At::Favourites,
                  .at_shared = at == At::Shared,
                  .at_trash = at == At::Trash && !team};
    for (const auto& one : side.teams)
        view.teams.push_back({.name = one.title, .href = "/files/" + to_text(one.id), .here = team && one.id == team});
    for (const auto& one : side.classes)
        view.classes.push_back({.name = one.name, .href = "/class/" + to_text(one.id)});
    return view;
}

} // namespace preau::files
