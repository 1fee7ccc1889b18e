// A closure that waits for its turn.
#pragma once

#include "db/database.hpp"

#include <chrono>

namespace preau::db {

using Moment = std::chrono::steady_clock::time_point;

struct Pending {
    std::unique_ptr<Database::Job> job;
    Lane lane;
    Moment queued;
    // Held too, but queued for in `lane` alone: should another writer have one of these, the transaction waits at its
    // lock.
    std::vector<Lane> also = {};
};

struct QueueLimits {
    std::size_t length;
    std::chrono::milliseconds deadline;
};

inline void refuse(Pending& pending, const char* why) { pending.job->failed(std::make_exception_ptr(Overloaded{why})); }
inline void refuse_all(std::vector<Pending>& pending, const char* why) {
    for (auto& one : pending) refuse(one, why);
}

} // namespace preau::db
