// Copies: files share their bytes, folders are made anew, a shortcut's copy leads to where the shortcut does. Rights,
// links, stars and comments stay with the original, and so do what is closed inside a folder (restricted), because
// without its rights it would be open, and shortcuts that lead nowhere for who copies.
#pragma once

#include "files/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::files {

using CopyId = Id<struct CopyTag>;

inline constexpr int copied_at_once = 200; // items in one transaction; more go on as a job

struct CopyOutcome {
    ItemId source;
    Result<sharing::Item> item; // the copy, under its number where the name was taken
};
struct Copied {
    std::vector<CopyOutcome> outcomes;
    std::optional<CopyId> job; // some of it goes on in the background
};
// Needs Edit on `to` and View on each source. Errors of the whole: sharing.item, sharing.role, files.not_a_folder,
// sharing.too_many. Of an item: sharing.item, sharing.trashed, sharing.into_itself, files.not_copied (rooms, polls,
// what is handed in: only files, folders and shortcuts are), shortcut.target, sharing.too_deep. Called under
// lane_of(to).
Result<Copied> copy_items(db::Tx& tx, Files& files, const Viewer& viewer, const std::vector<ItemId>& items, ItemId to);

struct CopyState {
    enum class State : std::int64_t { Running, Done, Failed, Cancelled };
    CopyId id;
    PersonId person;
    State state = State::Running;
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::string problem; // key of what ended it
    Millis at = 0;
};
PREAU_DESCRIBE(CopyState, id, person, state, done, total, problem, at)
// One's own. Errors: files.no_such_job (NotFound).
Result<CopyState> find_copy(db::Tx& tx, const Viewer& viewer, CopyId copy);
// Stops it between two slices; answers what it had made at the top, for the caller to throw away.
Result<std::vector<ItemId>> cancel_copy(db::Tx& tx, const Viewer& viewer, CopyId copy);

void handle_copies(Files& files); // registers the job

} // namespace preau::files
