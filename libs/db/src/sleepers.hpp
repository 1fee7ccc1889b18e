// Threads that wait for work. A wake-up costs a system call and, on a busy core, a switch to the woken thread, so at
// most one is under way: whoever takes work and leaves some behind wakes the next.
#pragma once

#include <condition_variable>
#include <mutex>

namespace preau::db {

class Sleepers {
public:
    // With the lock held. Returns after a wake-up, perhaps for nothing: the caller looks again.
    void sleep(std::unique_lock<std::mutex>& lock) {
        ++asleep_;
        condition_.wait(lock);
        --asleep_;
        waking_ = false;
    }
    // With the lock held: is somebody to be woken? The caller then releases the lock and calls wake_one().
    bool should_wake() {
        if (asleep_ == 0 || waking_) return false;
        return waking_ = true;
    }
    void wake_one() { condition_.notify_one(); }
    void wake_all() { condition_.notify_all(); }

private:
    std::condition_variable condition_;
    int asleep_ = 0;
    bool waking_ = false;
};

} // namespace preau::db
