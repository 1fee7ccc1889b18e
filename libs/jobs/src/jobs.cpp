#include "jobs/jobs.hpp"

#include "event_dispatcher.hpp"
#include "event_store.hpp"
#include "job_runner.hpp"
#include "job_store.hpp"
#include "timers.hpp"

#include "base/assert.hpp"
#include "base/embedded.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace preau::embedded {
std::span<const EmbeddedFile> jobs_migrations();
}

namespace preau::jobs {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds keeper_beat{500};
constexpr Millis renew_every = lease / 3;
constexpr Millis look_every = 10_s; // for jobs that another process wrote
constexpr std::size_t largest_payload = 64 * 1024;
// After an event was committed: PostgreSQL hands it out only when all older transactions have ended.
constexpr milliseconds unsettled_waits[] = {milliseconds{2},  milliseconds{4},  milliseconds{8},
                                            milliseconds{16}, milliseconds{32}, milliseconds{64}};
constexpr milliseconds event_poll{1'000};

} // namespace

struct Jobs::Inner {
    Inner(db::Database& database, const Clock& time, IdSource& source)
        : db{database}, clock{time}, ids{source}, runner{database, time, source.next()},
          dispatcher{database, time, source}, timers{database, time} {}

    db::Database& db;
    const Clock& clock;
    IdSource& ids;
    JobRunner runner;
    EventDispatcher dispatcher;
    Timers timers;

    std::mutex mutex;
    std::condition_variable work, events, keep;
    struct Turn {
        Millis next_at = 0; // when to look; 0: at once
        int running = 0;
    };
    std::map<std::string, Turn, std::less<>> turns;
    bool events_wait = true;
    bool stopping = false;
    bool planted = false;
    std::vector<std::thread> threads;

    void plant() {
        if (std::exchange(planted, true)) return;
        timers.plant();
        dispatcher.plant_cursors();
    }
    void wake(const std::string& kind, Millis run_at) {
        std::lock_guard lock{mutex};
        auto found = turns.find(kind);
        if (found == turns.end()) return; // another process does these
        found->second.next_at = std::min(found->second.next_at, run_at);
        work.notify_one();
    }
    void wake_events() {
        std::lock_guard lock{mutex};
        events_wait = true;
        events.notify_one();
    }
    // A kind that is due and that another thread may take; null: none.
    std::map<std::string, Turn, std::less<>>::value_type* due_turn() {
        for (auto& turn : turns)
            if (turn.second.next_at <= clock.now() && turn.second.running < runner.policy(turn.first).at_once)
                return &turn;
        return nullptr;
    }
    void run_jobs();
    void run_events();
    void run_keeper(Jobs& jobs);
    bool stopped() {
        std::lock_guard lock{mutex};
        return stopping;
    }
};

void Jobs::Inner::run_jobs() {
    std::unique_lock lock{mutex};
    while (!stopping) {
        auto* turn = due_turn();
        if (!turn) {
            work.wait_for(lock, keeper_beat);
            continue;
        }
        auto& [kind, state] = *turn;
        ++state.running;
        state.next_at = clock.now() + look_every; // a wake in between makes it earlier again
        lock.unlock();
        JobRunner::Ran ran;
        try {
            ran = runner.run_some(kind);
        } catch (const std::exception& problem) {
            log::error("jobs: kind={} {}", kind, problem.what());
            ran.next_at = clock.now() + 1_s;
        }
        lock.lock();
        --state.running;
        if (ran.next_at) state.next_at = std::min(state.next_at, *ran.next_at);
        work.notify_one();
    }
}

void Jobs::Inner::run_events() {
    std::size_t waits = 0;
    while (!stopped()) {
        int passed = 0;
        try {
            passed = dispatcher.deliver_some();
        } catch (const std::exception& problem) {
            log::error("jobs: events: {}", problem.what());
        }
        if (passed) {
            waits = 0;
            continue;
        }
        std::unique_lock lock{mutex};
        if (stopping) return;
        if (std::exchange(events_wait, false)) waits = 0;
        auto pause = waits < std::size(unsettled_waits) ? unsettled_waits[waits++] : event_poll;
        events.wait_for(lock, pause, [this] { return events_wait || stopping; });
    }
}

void Jobs::Inner::run_keeper(Jobs& jobs) {
    Millis next_renewal = clock.now() + renew_every;
    while (!stopped()) {
        try {
            timers.tick(jobs);
            if (clock.now() >= next_renewal) {
                runner.renew_leases();
                next_renewal = clock.now() + renew_every;
            }
        } catch (const std::exception& problem) {
            log::error("jobs: keeper: {}", problem.what()); // the next beat tries again
        }
        std::unique_lock lock{mutex};
        keep.wait_for(lock, keeper_beat, [this] { return stopping; });
    }
}

Jobs::Jobs(db::Database& db, const Clock& clock, IdSource& ids) : inner_{std::make_shared<Inner>(db, clock, ids)} {}

Jobs::~Jobs() { stop(); }

void Jobs::handle(std::string kind, Handler handler, Policy policy) {
    PREAU_ASSERT(inner_->threads.empty());
    inner_->turns.try_emplace(kind);
    inner_->runner.add(std::move(kind), std::move(handler), policy);
}

void Jobs::every(Millis period, std::string kind) { inner_->timers.add(period, std::move(kind)); }

void Jobs::subscribe(std::string name, std::vector<std::string> prefixes, Subscriber subscriber, Start start) {
    auto* dispatcher = &inner_->dispatcher;
    handle("event:" + name, [dispatcher, name](Job job) { return dispatcher->deliver_again(name, job.payload); });
    dispatcher->add(std::move(name), std::move(prefixes), std::move(subscriber), start);
}

JobId Jobs::enqueue(db::Tx& tx, const NewJob& job) {
    PREAU_ASSERT(job.payload.size() <= largest_payload);
    auto id = inner_->ids.next_as<JobId>();
    auto timed = job;
    if (timed.run_at == 0) timed.run_at = inner_->clock.now();
    if (!store::insert_job(tx, id, timed)) return {};
    tx.after_commit([weak = std::weak_ptr{inner_}, kind = job.kind, run_at = timed.run_at] {
        if (auto inner = weak.lock()) inner->wake(kind, run_at);
    });
    return id;
}

void Jobs::record(db::Tx& tx, const Event& event) {
    store::insert_event(tx, event);
    tx.after_commit([weak = std::weak_ptr{inner_}] {
        if (auto inner = weak.lock()) inner->wake_events();
    });
}

void Jobs::start(int threads) {
    inner_->plant();
    for (int i = 0; i < threads; ++i) inner_->threads.emplace_back([this] { inner_->run_jobs(); });
    inner_->threads.emplace_back([this] { inner_->run_events(); });
    inner_->threads.emplace_back([this] { inner_->run_keeper(*this); });
}

void Jobs::stop() {
    {
        std::lock_guard lock{inner_->mutex};
        inner_->stopping = true;
    }
    for (auto* waiting : {&inner_->work, &inner_->events, &inner_->keep}) waiting->notify_all();
    for (auto& thread : inner_->threads) thread.join();
    inner_->threads.clear();
}

int Jobs::run_due() {
    inner_->plant();
    int all = 0;
    for (int round = 1; round > 0;) {
        round = 0;
        inner_->timers.tick(*this);
        for (const auto& kind : inner_->runner.kinds())
            while (int ran = inner_->runner.run_some(kind).jobs) round += ran;
        while (int passed = inner_->dispatcher.deliver_some()) round += passed;
        all += round;
    }
    return all;
}

std::vector<DeadJob> Jobs::dead(db::Tx& tx, JobId before, int limit, std::string_view kind) {
    return store::dead_jobs(tx, before, limit, kind);
}

std::vector<DeadJobs> Jobs::dead_counts(db::Tx& tx) { return store::dead_counts(tx); }

bool Jobs::retry(db::Tx& tx, JobId id) {
    auto dead = store::take_dead(tx, id);
    if (!dead) return false;
    enqueue(tx, {.kind = dead->kind, .payload = dead->payload, .key = dead->key});
    return true;
}

bool Jobs::drop(db::Tx& tx, JobId id) { return store::take_dead(tx, id).has_value(); }

int Jobs::retry_all(db::Tx& tx, std::string_view kind, int limit) {
    int tried = 0;
    for (const auto& job : store::dead_jobs(tx, {}, limit, kind)) tried += retry(tx, job.id);
    return tried;
}

int Jobs::drop_all(db::Tx& tx, std::string_view kind, int limit) {
    int dropped = 0;
    for (const auto& job : store::dead_jobs(tx, {}, limit, kind)) dropped += drop(tx, job.id);
    return dropped;
}

std::vector<WaitingJobs> Jobs::waiting(db::Tx& tx) { return store::waiting_jobs(tx); }

std::vector<Event> events_of(db::Tx& tx, std::int64_t item, std::int64_t before, int limit) {
    return store::events_of_item(tx, item, before, limit);
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> list;
    for (const auto& file : embedded::jobs_migrations())
        list.push_back({.name = "jobs/" + std::string{file.name}, .sql = std::string{file.data}});
    std::ranges::sort(list, {}, &db::Migration::name);
    return list;
}

} // namespace preau::jobs
