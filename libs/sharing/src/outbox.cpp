#include "outbox_store.hpp"
#include "sharing/tree.hpp"

namespace preau::sharing {

void record_event(db::Tx& tx, World& world, const Viewer& viewer, std::string_view kind, ItemId item,
                  std::string_view detail) {
    const auto now = world.clock.now();
    store::insert_event(tx, world.ids.next(), viewer, kind, item, detail, now);
    if (viewer.is_person()) store::note_recent(tx, viewer.person, item, now);
}

} // namespace preau::sharing
