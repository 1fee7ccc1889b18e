#include "read_queue.hpp"

namespace preau::db {
namespace {
constexpr std::size_t largest_share = 8;
}

void ReadQueue::push(Pending pending) {
    bool wake = false;
    {
        std::lock_guard lock{mutex_};
        if (!stopped_ && waiting_.size() < limits_.length) {
            waiting_.push_back(std::move(pending));
            wake = sleepers_.should_wake();
        }
    }
    if (pending.job) refuse(pending, "too many reads are waiting for the database");
    if (wake) sleepers_.wake_one();
}

bool ReadQueue::take(std::vector<Pending>& batch) {
    std::vector<Pending> expired;
    bool wake = false;
    {
        std::unique_lock lock{mutex_};
        while (waiting_.empty() && !stopped_) sleepers_.sleep(lock);
        if (stopped_) return false;
        const auto oldest_allowed = std::chrono::steady_clock::now() - limits_.deadline;
        auto share = std::clamp<std::size_t>(waiting_.size() / readers_, 1, largest_share);
        while (!waiting_.empty() && batch.size() < share) {
            auto& target = waiting_.front().queued < oldest_allowed ? expired : batch;
            target.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        wake = !waiting_.empty() && sleepers_.should_wake();
    }
    if (wake) sleepers_.wake_one();
    refuse_all(expired, "the database did not get round to this read in time");
    return true;
}

void ReadQueue::drop_expired(Moment now) {
    std::vector<Pending> expired;
    {
        std::lock_guard lock{mutex_};
        while (!waiting_.empty() && waiting_.front().queued < now - limits_.deadline) {
            expired.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
    }
    refuse_all(expired, "the database did not get round to this read in time");
}

void ReadQueue::stop() {
    std::deque<Pending> left;
    {
        std::lock_guard lock{mutex_};
        stopped_ = true;
        left.swap(waiting_);
    }
    sleepers_.wake_all();
    for (auto& pending : left) refuse(pending, "the database is closing");
}

} // namespace preau::db
