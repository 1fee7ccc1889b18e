// Closures that wait for a writer, by lane: within a lane they start in the order they came, and a lane is never in the
// hands of two writers at once. A busy lane goes to the back after each batch, so it cannot starve the others.
#pragma once

#include "pending.hpp"
#include "sleepers.hpp"

#include <deque>
#include <list>
#include <unordered_map>

namespace preau::db {

class LaneQueue {
public:
    LaneQueue(QueueLimits limits, std::size_t writers) : limits_{limits}, writers_{writers} {}

    void push(Pending pending); // refuses it when the queue is full or stopped
    bool take(std::vector<Pending>& batch); // waits; false: stopped
    void finished(const std::vector<Pending>& batch); // its lanes may go on
    void drop_expired(Moment now);
    void stop(); // refuses everything that waits

private:
    struct LaneState {
        std::list<Pending> waiting;
        bool taken = false; // by a writer, or already on its way in `ready_`
    };
    void gather(std::vector<Pending>& batch, std::vector<Pending>& expired);

    QueueLimits limits_;
    std::size_t writers_;
    std::mutex mutex_;
    Sleepers sleepers_;
    std::unordered_map<std::uint64_t, LaneState> lanes_;
    std::deque<std::uint64_t> ready_; // lanes with work that no writer has
    std::size_t length_ = 0;
    bool stopped_ = false;
};

} // namespace preau::db
