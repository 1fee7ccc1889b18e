#include "lane_queue.hpp"

#include "base/assert.hpp"

namespace preau::db {
namespace {
// One COMMIT for at most so many: enough to hide the disk's latency, few enough that one slow closure delays few
// others.
constexpr std::size_t largest_batch = 32;
} // namespace

void LaneQueue::push(Pending pending) {
    bool wake = false;
    {
        std::lock_guard lock{mutex_};
        if (!stopped_ && length_ < limits_.length) {
            const auto key = pending.lane.key;
            auto& lane = lanes_[key];
            lane.waiting.push_back(std::move(pending));
            ++length_;
            if (!std::exchange(lane.taken, true)) {
                ready_.push_back(key);
                wake = sleepers_.should_wake();
            }
        }
    }
    if (pending.job) refuse(pending, "too many writes are waiting for the database");
    if (wake) sleepers_.wake_one();
}

bool LaneQueue::take(std::vector<Pending>& batch) {
    std::vector<Pending> expired;
    bool wake = false;
    {
        std::unique_lock lock{mutex_};
        while (ready_.empty() && !stopped_) sleepers_.sleep(lock);
        if (stopped_) return false;
        gather(batch, expired);
        wake = !ready_.empty() && sleepers_.should_wake();
    }
    if (wake) sleepers_.wake_one();
    refuse_all(expired, "the database did not get round to this write in time");
    return true;
}

void LaneQueue::gather(std::vector<Pending>& batch, std::vector<Pending>& expired) {
    const auto oldest_allowed = std::chrono::steady_clock::now() - limits_.deadline;
    const auto share = std::clamp<std::size_t>((length_ + writers_ - 1) / writers_, 1, largest_batch);
    while (!ready_.empty() && batch.size() < share) {
        const auto key = ready_.front();
        ready_.pop_front();
        auto& lane = lanes_.find(key)->second;
        const auto before = batch.size();
        while (!lane.waiting.empty() && batch.size() < share) {
            auto& target = lane.waiting.front().queued < oldest_allowed ? expired : batch;
            target.push_back(std::move(lane.waiting.front()));
            lane.waiting.pop_front();
            --length_;
        }
        if (batch.size() > before) continue; // stays taken until finished()
        PREAU_ASSERT(lane.waiting.empty());  // all of it had expired
        lanes_.erase(key);
    }
}

void LaneQueue::finished(const std::vector<Pending>& batch) {
    bool wake = false;
    {
        std::lock_guard lock{mutex_};
        const std::uint64_t* previous = nullptr; // closures of a lane stand side by side in a batch
        for (const auto& pending : batch) {
            if (previous && *previous == pending.lane.key) continue;
            previous = &pending.lane.key;
            auto lane = lanes_.find(pending.lane.key);
            if (lane->second.waiting.empty())
                lanes_.erase(lane);
            else
                ready_.push_back(pending.lane.key);
        }
        wake = !ready_.empty() && sleepers_.should_wake();
    }
    if (wake) sleepers_.wake_one();
}

void LaneQueue::drop_expired(Moment now) {
    std::vector<Pending> expired;
    {
        std::lock_guard lock{mutex_};
        for (auto& [key, lane] : lanes_) {
            while (!lane.waiting.empty() && lane.waiting.front().queued < now - limits_.deadline) {
                expired.push_back(std::move(lane.waiting.front()));
                lane.waiting.pop_front();
                --length_;
            }
        }
    }
    refuse_all(expired, "the database did not get round to this write in time");
}

void LaneQueue::stop() {
    std::vector<Pending> left;
    {
        std::lock_guard lock{mutex_};
        stopped_ = true;
        for (auto& [key, lane] : lanes_) {
            for (auto& pending : lane.waiting) left.push_back(std::move(pending));
            lane.waiting.clear();
        }
        length_ = 0;
    }
    sleepers_.wake_all();
    refuse_all(left, "the database is closing");
}

} // namespace preau::db
