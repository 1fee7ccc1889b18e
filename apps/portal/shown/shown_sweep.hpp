// Suspending, or opening again, all that a list of /admin/shown shows, however long it is: asked once, with how many it
// will be; a job carries it out in small portions; one press takes a suspension back.
#pragma once

#include "portal/shown/shown.hpp"

namespace preau::portal {

using SweepId = Id<struct SweepTag>;

struct Sweep {
    SweepId id;
    PersonId made_by;
    Millis made_at = 0;
    bool suspends = false;
    sharing::SuspensionId suspension; // under which is suspended; of an undo whose things are opened again; else none
    bool items = false; // public items, else links
    StructureId structure;
    PersonId maker;
    bool endless = false, writes = false;
    std::int64_t came_to = sharing::first_shown; // newest first: all above is done
    std::int64_t done = 0, skipped = 0; // skipped: not theirs to change
    std::optional<Millis> ended_at;
    std::string reason; // of the suspension
};
PREAU_DESCRIBE(Sweep, id, made_by, made_at, suspends, suspension, items, structure, maker, endless, writes, came_to,
               done, skipped, ended_at, reason)

// Writes it down and has it carried out. The rights to the list were asked by the caller (shown_question); the job asks
// them again for each row, as they may end meanwhile.
Result<SweepId> begin_sweep(db::Tx& tx, Portal& portal, const Viewer& viewer, const ShownQuestion& question,
                            std::string_view reason);
// Opens again what that sweep suspended. Errors: shown.sweep_unknown, shown.sweep_not_undone.
Result<SweepId> undo_sweep(db::Tx& tx, Portal& portal, const Viewer& viewer, SweepId id);
// Of whoever began it, and of administrators of all. Errors: shown.sweep_unknown.
Result<Sweep> sweep_for(db::Tx& tx, const Portal& portal, const Viewer& viewer, SweepId id);

namespace store {
void insert_sweep(db::Tx& tx, const Sweep& sweep);
std::optional<Sweep> find_sweep(db::Tx& tx, SweepId id);
void advance_sweep(db::Tx& tx, const Sweep& sweep); // came_to, done, skipped, ended_at
} // namespace store

void install_sweeps(Portal& portal);
void preload_sweeps(web::Pages& pages);
void sweep_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
