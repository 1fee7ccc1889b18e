#include "wish_queue.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace preau::preview {
namespace {

bool is_office(const Wish& wish) {
    const auto kind = kind_of(wish.media_type);
    return kind == Kind::Office || (kind == Kind::Zipped && wish.what != What::Text);
}

Result<Made> busy() {
    return std::unexpected(Error{.kind = Error::Kind::Unavailable, .key = "preview.busy", .retry_after = 5});
}

} // namespace

Queue::Queue(Bounds bounds, Work work) : bounds_{bounds}, work_{std::move(work)} {
    for (int i = 0; i < bounds_.at_once; ++i) threads_.emplace_back([this] { serve(); });
}

Queue::~Queue() {
    std::vector<Done> away;
    {
        std::lock_guard lock{mutex_};
        stop_ = true;
        for (auto& task : tasks_)
            if (!task->runs) std::ranges::move(task->waiting, std::back_inserter(away));
        std::erase_if(tasks_, [](const auto& task) { return !task->runs; });
        changed_.notify_all();
    }
    for (auto& done : away) done(busy());
    for (auto& thread : threads_) thread.join();
}

void Queue::add(const Wish& wish, Done done) {
    {
        std::lock_guard lock{mutex_};
        auto same = std::ranges::find_if(tasks_, [&wish](const auto& task) {
            return task->wish.what == wish.what && task->wish.source.hash == wish.source.hash;
        });
        if (same != tasks_.end()) {
            (*same)->waiting.push_back(std::move(done));
            return;
        }
        if (!stop_ && static_cast<int>(tasks_.size()) < bounds_.at_once + bounds_.waiting) {
            tasks_.push_back(std::make_shared<Task>(Task{.wish = wish, .waiting = {std::move(done)}}));
            changed_.notify_one();
            return;
        }
    }
    done(busy());
}

std::shared_ptr<Queue::Task> Queue::next(std::unique_lock<std::mutex>& lock) {
    for (;;) {
        if (stop_) return nullptr;
        auto free = std::ranges::find_if(
            tasks_, [this](const auto& task) { return !task->runs && !(office_runs_ && is_office(task->wish)); });
        if (free != tasks_.end()) {
            (*free)->runs = true;
            office_runs_ = office_runs_ || is_office((*free)->wish);
            return *free;
        }
        changed_.wait(lock);
    }
}

void Queue::serve() {
    for (;;) {
        std::unique_lock lock{mutex_};
        auto task = next(lock);
        if (!task) return;
        lock.unlock();
        Result<Made> result = fail(Error::Kind::Unavailable, "preview.off");
        try {
            result = work_(task->wish);
        } catch (const std::exception& problem) {
            log::error("preview: {}", problem.what());
        }
        lock.lock();
        std::erase(tasks_, task);
        if (is_office(task->wish)) office_runs_ = false;
        changed_.notify_all();
        auto waiting = std::move(task->waiting);
        lock.unlock();
        for (auto& done : waiting) done(result);
    }
}

} // namespace preau::preview
