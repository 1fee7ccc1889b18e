// The names of a class, pasted as they come: one a line, or two columns of a spreadsheet. First shown as differences,
// then made, and taken back when it was the wrong list.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"

#include <string>
#include <vector>

namespace preau::identity {

inline constexpr std::size_t most_pupils = 200; // of one class
inline constexpr std::size_t most_pasted_bytes = 64 * 1024;

struct RosterRename {
    Pupil pupil;
    std::string name; // from now on
};
struct RosterMistake {
    std::int64_t line = 0;
    std::string key; // of the words
};
struct RosterDifference {
    std::vector<std::string> adds;
    std::vector<RosterRename> renames; // the same pupil written otherwise, or one whose other name is the same
    std::vector<Pupil> removes;
    std::int64_t unchanged = 0;
    std::vector<RosterMistake> mistakes; // these lines are left out
    bool any() const { return !adds.empty() || !renames.empty() || !removes.empty(); }
};
// "LEMAIRE<tab>Lina", "Lemaire;Lina" and "Lina Lemaire" are all "Lina Lemaire". Pure.
RosterDifference compare_roster(const std::vector<Pupil>& roster, std::string_view pasted);
std::string roster_mark(const std::vector<Pupil>& roster); // changes whenever the roster does

using RosterChangeId = Id<struct RosterChangeTag>;
struct RosterWish {
    GroupId group;
    PersonId person; // who does it: in the journal of changes
    std::string pasted;
    std::string mark; // of the roster that was looked at
};
// Errors: identity.roster_changed (Conflict): somebody was quicker; identity.roster_empty, identity.roster_long.
Result<RosterChangeId> paste_roster(db::Tx& tx, IdSource& ids, const RosterWish& wish, Millis now);
// Everybody as before, under the same numbers. Errors: identity.roster_changed (Conflict), identity.roster_nothing
// (Gone).
Result<void> take_back_roster(db::Tx& tx, GroupId group, RosterChangeId change);

} // namespace preau::identity
