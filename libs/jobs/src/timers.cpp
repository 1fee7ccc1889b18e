#include "timers.hpp"

#include "job_store.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace preau::jobs {

void Timers::add(Millis period, std::string kind) {
    PREAU_ASSERT(period > 0);
    PREAU_ASSERT(std::ranges::none_of(timers_, [&](const auto& timer) { return timer.kind == kind; }));
    timers_.push_back({period, std::move(kind)});
}

void Timers::plant() {
    auto next = db_.write_now([this](db::Tx& tx) {
        std::vector<Millis> next;
        for (const auto& timer : timers_) {
            store::insert_timer(tx, timer.kind, clock_.now() + timer.period);
            next.push_back(*store::find_timer(tx, timer.kind));
        }
        return next;
    });
    for (std::size_t i = 0; i < timers_.size(); ++i) timers_[i].next_at = next[i];
}

void Timers::tick(Jobs& jobs) {
    const auto now = clock_.now();
    for (auto& timer : timers_) {
        if (timer.next_at > now) continue;
        db_.write_now([&jobs, now, kind = timer.kind, period = timer.period](db::Tx& tx) {
            if (store::advance_timer(tx, kind, now, now + period)) jobs.enqueue(tx, {.kind = kind, .key = "timer"});
        });
        timer.next_at = now + timer.period;
    }
}

} // namespace preau::jobs
