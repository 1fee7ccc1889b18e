#include "blob_workers.hpp"

namespace preau::blob {

BlobWorkers::BlobWorkers(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BlobWorkers::~BlobWorkers() {
    {
        std::lock_guard lock{mutex_};
        ending_ = true;
    }
    ready_.notify_all();
    threads_.clear(); // joins
}

void BlobWorkers::push(Job job) {
    {
        std::lock_guard lock{mutex_};
        queue_.push_back(std::move(job));
    }
    ready_.notify_one();
}

void BlobWorkers::work() {
    while (true) {
        std::unique_lock lock{mutex_};
        ready_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        job();
    }
}

} // namespace preau::blob
