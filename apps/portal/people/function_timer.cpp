// Functions begin and end by themselves: within half a minute of the moment that was given for them.
#include "portal/portal.hpp"

#include "identity/attachments.hpp"

namespace preau::portal {
namespace {

constexpr Millis turn_every = 30_s;
constexpr int at_once = 200; // of each, in one transaction: on the first of September half the staff begins

Task<void> turn(Portal& portal, jobs::Job) {
    for (;;) {
        const auto turned =
            co_await portal.db.write(identity::structure_lane, [now = portal.world.clock.now()](db::Tx& tx) {
                return identity::turn_attachments(tx, now, at_once);
            });
        if (turned == 0) co_return;
        portal.identity.forget_all();
    }
}

} // namespace

void install_timers(Portal& portal) {
    auto& jobs = portal.world.jobs;
    jobs.handle("portal.functions", [&portal](jobs::Job job) { return turn(portal, std::move(job)); }, {.at_once = 1});
    jobs.every(turn_every, "portal.functions");
}

} // namespace preau::portal
