#include "outbox_store.hpp"
#include "sharing/tree.hpp"

namespace preau::sharing {

void record_event(db::Tx& tx, World& world, const Viewer& viewer, std::string_view kind, ItemId item,
                  std::string_view detail) {
    const auto now = world.clock.now();
    const auto link = viewer.is_person() || viewer.links.empty() ? LinkId{} : viewer.links.front();
    world.jobs.record(tx, {.kind = std::string{kind},
                           .item = item.value,
                           .actor = viewer.person.value,
                           .link = link.value,
                           .detail = std::string{detail},
                           .at = now});
    if (viewer.is_person()) store::note_recent(tx, viewer.person, item, now);
}

} // namespace preau::sharing
