#include "upkeep.hpp"

#include "base/log.hpp"

namespace preau::server {
namespace {
constexpr Millis collect_every = 5_min;
constexpr Millis first_sweep = 10_min;
constexpr Millis sweep_every = 1_days;
constexpr int collect_at_once = 200; // rows: one short write between those of people
} // namespace

Upkeep::Upkeep(Site& site, std::function<void()> lost)
    : site_{site}, lost_{std::move(lost)}, next_collect_{site.clock.now() + collect_every},
      next_sweep_{site.clock.now() + first_sweep}, thread_{[this] { run(); }} {}

Upkeep::~Upkeep() {
    {
        std::lock_guard lock{mutex_};
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Upkeep::run() {
    while (!stopped_within(std::chrono::milliseconds{identity::node_lease_beat})) {
        try {
            step();
        } catch (const std::exception& problem) {
            log::error("upkeep: {}", problem.what()); // the next round tries again
        }
    }
}

void Upkeep::step() {
    if (!site_.lease.beat()) return lost_();
    auto now = site_.clock.now();
    if (now >= next_collect_) {
        auto collected = blob::collect(*site_.db, *site_.blobs, collect_at_once);
        // A full portion means that more waits: go on at the next beat.
        next_collect_ = collected < collect_at_once ? now + collect_every : now;
    }
    if (now >= next_sweep_) {
        auto swept = site_.blobs->sweep(*site_.db, now);
        if (swept) log::info("upkeep: swept files={}", swept);
        next_sweep_ = now + sweep_every;
    }
}

bool Upkeep::stopped_within(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex_};
    return wake_.wait_for(lock, wait, [this] { return stop_; });
}

} // namespace preau::server
