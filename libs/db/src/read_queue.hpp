// Closures that wait for a reader. A free reader takes a fair share of the queue at once, so that they share one
// transaction, but never so much that a slow page holds up others while another reader is idle.
#pragma once

#include "pending.hpp"
#include "sleepers.hpp"

#include <deque>

namespace preau::db {

class ReadQueue {
public:
    ReadQueue(QueueLimits limits, std::size_t readers) : limits_{limits}, readers_{readers} {}

    void push(Pending pending);             // refuses it when the queue is full or stopped
    bool take(std::vector<Pending>& batch); // waits; false: stopped
    void drop_expired(Moment now);
    void stop(); // refuses everything that waits

private:
    QueueLimits limits_;
    std::size_t readers_;
    std::mutex mutex_;
    Sleepers sleepers_;
    std::deque<Pending> waiting_;
    bool stopped_ = false;
};

} // namespace preau::db
