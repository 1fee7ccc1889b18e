#include "engine.hpp"

#include "base/assert.hpp"
#include "migrate.hpp"
#include "run_jobs.hpp"

#include <pthread.h>

namespace preau::db {
namespace {
void name_this_thread(const char* name) { pthread_setname_np(pthread_self(), name); }
} // namespace

EngineDatabase::EngineDatabase(std::unique_ptr<Engine> engine, EngineThreads count, QueueLimits limits)
    : engine_{std::move(engine)}, limits_{limits}, reads_{limits, static_cast<std::size_t>(count.readers)},
      writes_{limits, static_cast<std::size_t>(count.writers)} {
    // All sessions first: one that cannot be opened must throw here, while no thread runs yet.
    std::vector<std::unique_ptr<Session>> writers;
    std::vector<std::unique_ptr<Session>> readers;
    for (int i = 0; i < count.writers; ++i) writers.push_back(engine_->open_writer()); // a writer creates the file
    for (int i = 0; i < count.readers; ++i) readers.push_back(engine_->open_reader());
    for (auto& session : writers) threads_.emplace_back([this, session = std::move(session)] { write_loop(*session); });
    for (auto& session : readers) threads_.emplace_back([this, session = std::move(session)] { read_loop(*session); });
    threads_.emplace_back([this] { drop_expired_loop(); });
}

EngineDatabase::~EngineDatabase() {
    {
        std::lock_guard lock{stop_mutex_};
        stopping_ = true;
    }
    stop_condition_.notify_all();
    reads_.stop();
    writes_.stop();
    threads_.clear(); // joins
}

void EngineDatabase::read_loop(Session& session) {
    name_this_thread("db-read");
    std::vector<Pending> batch;
    while (reads_.take(batch)) {
        run_reads(session, batch);
        batch.clear();
    }
}

void EngineDatabase::write_loop(Session& session) {
    name_this_thread("db-write");
    std::vector<Pending> batch;
    while (writes_.take(batch)) {
        run_writes(session, batch);
        writes_.finished(batch);
        batch.clear();
    }
}

// The queues look at the deadline when they hand out work; this is for the time when every thread is stuck in a closure
// and nobody takes any. A look now and then is cheaper than a wake-up per closure.
void EngineDatabase::drop_expired_loop() {
    name_this_thread("db-deadline");
    const auto pause = std::clamp<std::chrono::milliseconds>(limits_.deadline / 4, std::chrono::milliseconds{10},
                                                             std::chrono::milliseconds{1000});
    std::unique_lock lock{stop_mutex_};
    while (!stop_condition_.wait_for(lock, pause, [this] { return stopping_; })) {
        lock.unlock();
        const auto now = std::chrono::steady_clock::now();
        reads_.drop_expired(now);
        writes_.drop_expired(now);
        lock.lock();
    }
}

void EngineDatabase::submit_read(std::unique_ptr<Job> job) {
    reads_.push({.job = std::move(job), .lane = {}, .queued = std::chrono::steady_clock::now()});
}

void EngineDatabase::submit_write(Lane lane, std::unique_ptr<Job> job) {
    writes_.push({.job = std::move(job), .lane = lane, .queued = std::chrono::steady_clock::now()});
}

void EngineDatabase::submit_write_across(std::vector<Lane> lanes, std::unique_ptr<Job> job) {
    PREAU_ASSERT(!lanes.empty());
    const auto first = lanes.front();
    writes_.push(
        {.job = std::move(job), .lane = first, .queued = std::chrono::steady_clock::now(), .also = std::move(lanes)});
}

void EngineDatabase::migrate(const std::vector<Migration>& migrations) {
    auto session = engine_->open_writer();
    apply_migrations(*session, migrations);
}

void EngineDatabase::prepare_all() {
    auto session = engine_->open_writer();
    for (auto* query = Query::first(); query; query = query->next()) session->prepare(*query);
}

} // namespace preau::db
