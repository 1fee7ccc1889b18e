// What pages and API both do with a team's space, each under its lane.
#pragma once

#include "files/files.hpp"
#include "sharing/team.hpp"

namespace preau::files {

struct NewSpace {
    sharing::NewTeam team;
    Role role = Role::Edit; // of the groups that the form names
};

Task<Result<sharing::Item>> make_space(Files& files, Viewer viewer, sharing::NewTeam team);
Task<Result<sharing::Item>> rename_space(Files& files, Viewer viewer, ItemId space, std::string title);
Task<Result<void>> leave_space(Files& files, Viewer viewer, ItemId space);
Task<Result<sharing::Item>> trash_space(Files& files, Viewer viewer, ItemId space);
Task<Result<sharing::Item>> restore_space(Files& files, Viewer viewer, ItemId space);

} // namespace preau::files
