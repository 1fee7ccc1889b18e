// Spaces of a team: any member of staff makes one, gives it to classes, groups and people, and it goes on without them.
// A team's space is a root of kind "team" with a trash of its own; who belongs to it is who holds grants on the root,
// so adding and removing people is giving and taking rights (sharing/share.hpp). Whoever made it is one of its
// managers, no more.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr std::string_view team_kind = "team";
inline constexpr Millis team_kept = 30LL * 24 * 60 * 60 * 1000; // so long a space that was thrown away can come back

// Whoever makes it manages it, and gives it to others with give(). Errors: those of check_name (field `title`),
// sharing.sign_in_needed (Unauthenticated) for who has no account.
Result<Item> create_team(db::Tx& tx, World& world, const Viewer& viewer, std::string_view title);
// Needs Manage. Two spaces may have one name: nobody knows all of them. Errors also: sharing.not_a_team.
Result<Item> rename_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId team, std::string_view title);
// Takes the viewer's own grant; who belongs by a group stays with it (sharing.team_by_group). The last manager stays
// (sharing.team_last_manager, Conflict): no space is left that nobody answers for.
Result<void> leave_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId team);
// Needs Manage. Thrown away as a whole: only its managers find it, and can bring it back for `team_kept`.
Result<Item> trash_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId team);
Result<Item> restore_team(db::Tx& tx, World& world, const Viewer& viewer, ItemId team);
// All but the first are called under lane_of(team).

struct TeamRow {
    ItemId id;
    std::string title;
    Role role = Role::None;
    std::optional<Millis> trashed_at;
    bool archived = false; // its class's year has ended (archive.hpp)
};
PREAU_DESCRIBE(TeamRow, id, title, role, trashed_at, archived)
// Those that the viewer belongs to, in French order; at most 200. One query.
std::vector<TeamRow> teams_of(db::Tx& tx, const Viewer& viewer, Millis now);
std::vector<TeamRow> trashed_teams_of(db::Tx& tx, const Viewer& viewer, Millis now); // that they manage, latest first

} // namespace preau::sharing
