// A few threads of a store's own: a disk may take seconds to sync, and neither an I/O thread nor the database waits for
// it. Each upload has one job at most in the queue, so the queue is as long as there are uploads.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace preau::blob {

class BlobWorkers {
public:
    using Job = std::move_only_function<void()>; // must not throw

    explicit BlobWorkers(int threads);
    ~BlobWorkers(); // runs what is queued, then ends
    BlobWorkers(const BlobWorkers&) = delete;
    BlobWorkers& operator=(const BlobWorkers&) = delete;

    void push(Job job);

private:
    void work();
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Job> queue_;
    bool ending_ = false;
    std::vector<std::jthread> threads_;
};

// Runs `compute` on a worker and hands its answer, or what it throws, to `done` of an off_thread().
template <class Done, class Compute> void push_answer(BlobWorkers& workers, Done done, Compute compute) {
    workers.push([done = std::move(done), compute = std::move(compute)]() mutable {
        std::exception_ptr error;
        using Answer = decltype(compute());
        std::optional<Answer> answer;
        try {
            answer.emplace(compute());
        } catch (...) {
            error = std::current_exception();
        }
        // Outside the try: what goes on behind `done` is not this job's to catch.
        if (answer)
            done(std::move(*answer));
        else
            done(std::move(error));
    });
}

} // namespace preau::blob
