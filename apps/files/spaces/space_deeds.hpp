// What pages and API both do with a team's space, each under its lane.
#pragma once

#include "files/files.hpp"
#include "sharing/team.hpp"

namespace preau::files {

struct NewSpace {
    std::string title;
    std::vector<std::pair<Subject, Role>> members; // besides whoever makes it
    Role role = Role::Edit; // of the groups that the form names
};

// Made and given to all its members, or not at all. Errors: those of sharing::create_team and sharing::give,
// sharing.too_many above 200 members.
Task<Result<sharing::Item>> make_space(Files& files, Viewer viewer, NewSpace space);
Task<Result<sharing::Item>> rename_space(Files& files, Viewer viewer, ItemId space, std::string title);
Task<Result<void>> leave_space(Files& files, Viewer viewer, ItemId space);
Task<Result<sharing::Item>> trash_space(Files& files, Viewer viewer, ItemId space);
Task<Result<sharing::Item>> restore_space(Files& files, Viewer viewer, ItemId space);

} // namespace preau::files
