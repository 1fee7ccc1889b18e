// Writes that no request waits for (when a session was last seen). Counted, so that the database is not closed under
// them.
#pragma once

#include "base/executor.hpp"
#include "base/log.hpp"
#include "base/task.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

namespace preau::identity {

class Background {
public:
    ~Background() {
        std::unique_lock lock{mutex_};
        idle_.wait(lock, [this] { return running_.empty(); });
    }
    // At most one for each key, at most 1,000 in all: what is left out is done by a later request.
    bool begin(std::int64_t key) {
        std::lock_guard lock{mutex_};
        return running_.size() < 1000 && running_.insert(key).second;
    }
    // The task ends on the thread that did the work, not on the I/O thread that started it: that one may be gone by
    // then.
    void run(std::int64_t key, Task<void> task) {
        ExecutorScope nowhere{nullptr};
        start(std::move(task), [this, key](std::exception_ptr error) { end(key, error); });
    }

private:
    void end(std::int64_t key, const std::exception_ptr& error) {
        try {
            if (error) std::rethrow_exception(error);
        } catch (const std::exception& failure) {
            log::warn("identity: a write beside a request failed, a later one repeats it: {}", failure.what());
        }
        // Notified under the lock: the destructor may end as soon as it is released.
        std::lock_guard lock{mutex_};
        running_.erase(key);
        idle_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable idle_;
    std::set<std::int64_t> running_;
};

} // namespace preau::identity
