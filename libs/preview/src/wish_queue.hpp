// Who waits for which preview: wishes for the same one share one process, office documents go one at a time, and when
// too many wait the next are turned away.
#pragma once

#include "recipes.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace preau::preview {

struct Wish {
    What what = What::Thumbnail;
    blob::Stored source;
    std::string media_type;
};

class Queue {
public:
    struct Bounds {
        int at_once = 2;
        int waiting = 200;
    };
    using Work = std::function<Result<Made>(const Wish&)>;
    using Done = std::function<void(const Result<Made>&)>;

    Queue(Bounds bounds, Work work);
    ~Queue(); // turns away who waits, waits for what runs
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    // `done` is called once, on another thread or, when turned away, on this one.
    void add(const Wish& wish, Done done);

private:
    struct Task {
        Wish wish;
        std::vector<Done> waiting;
        bool runs = false;
    };
    void serve();
    std::shared_ptr<Task> next(std::unique_lock<std::mutex>& lock); // null: the end

    Bounds bounds_;
    Work work_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Task>> tasks_; // running ones too
    bool office_runs_ = false;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

} // namespace preau::preview
