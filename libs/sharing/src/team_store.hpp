#pragma once

#include "sharing/team.hpp"

namespace preau::sharing::store {

struct TeamGrant { // one of the grants by which somebody belongs to a team
    ItemId id;
    std::string title, sort;
    std::optional<Millis> trashed_at;
    Subject::Kind subject_kind = Subject::Kind::Person;
    std::int64_t subject = 0;
    Role role = Role::None;
    bool archived = false; // of a class whose year has ended, and of no other group that works in it
};
PREAU_DESCRIBE(TeamGrant, id, title, sort, trashed_at, subject_kind, subject, role, archived)
// A superset: ids are compared without their kinds.
std::vector<TeamGrant> team_grants(db::Tx& tx, std::span<const std::int64_t> subject_ids, Millis now);
bool set_team_trashed(db::Tx& tx, ItemId team, std::optional<Millis> at); // false: it is so already

} // namespace preau::sharing::store
