// Jobs enqueued, each in a transaction of its own from 64 writers at once, and run; and how long an event is on its way
// from the write that records it to its subscriber. On SQLite, in the directory given.
#include "jobs/jobs.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <thread>

using namespace preau;

namespace {

constexpr int writers = 64;

double seconds_since(std::int64_t begin) { return static_cast<double>(monotonic_nanoseconds() - begin) / 1e9; }

Task<void> enqueue_some(db::Database& db, jobs::Jobs& jobs, const char* kind, std::atomic<int>& left) {
    while (left-- > 0)
        co_await db.write({},
                          [&jobs, kind](db::Tx& tx) { jobs.enqueue(tx, {.kind = kind, .payload = "{\"item\":1}"}); });
}

// Enqueues `count` while they are run already, and waits until all were run.
void measure_jobs(db::Database& db, jobs::Jobs& jobs, const char* kind, int count, std::atomic<int>& ran) {
    const auto begin = monotonic_nanoseconds();
    std::atomic<int> left = count;
    std::atomic<int> working = writers;
    std::promise<void> written;
    for (int writer = 0; writer < writers; ++writer)
        start(enqueue_some(db, jobs, kind, left), [&](std::exception_ptr problem) {
            if (problem) std::abort();
            if (--working == 0) written.set_value();
        });
    written.get_future().wait();
    const auto enqueued = seconds_since(begin);
    while (ran < count) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    std::printf("%s: %d jobs enqueued in %.2f s, all run after %.2f s\n", kind, count, enqueued, seconds_since(begin));
}

Task<void> count_one(std::atomic<int>& ran) {
    ++ran;
    co_return;
}

struct Arrivals {
    std::mutex mutex;
    std::map<std::int64_t, std::int64_t> sent; // item → when the write began
    std::vector<double> milliseconds;

    void begin(std::int64_t item) {
        std::lock_guard lock{mutex};
        sent[item] = monotonic_nanoseconds();
    }
    void arrived(std::span<const jobs::Event> events) {
        std::lock_guard lock{mutex};
        for (const auto& event : events)
            if (auto found = sent.find(event.item); found != sent.end())
                milliseconds.push_back(static_cast<double>(monotonic_nanoseconds() - found->second) / 1e6);
    }
};

void measure_events(db::Database& db, jobs::Jobs& jobs, Arrivals& arrivals) {
    constexpr int events = 4000;
    constexpr std::chrono::milliseconds apart{2};
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t item = 1; item <= events; ++item) {
        std::this_thread::sleep_until(begin + apart * item);
        arrivals.begin(item);
        db.write_now([&jobs, item](db::Tx& tx) { jobs.record(tx, {.kind = "bench.event", .item = item}); });
    }
    while (true) {
        std::lock_guard lock{arrivals.mutex};
        if (arrivals.milliseconds.size() >= events) break;
    }
    auto& list = arrivals.milliseconds;
    std::ranges::sort(list);
    std::printf("event: %d at %d a second, median %.2f ms, p99 %.2f ms, longest %.2f ms\n", events,
                static_cast<int>(1000 / apart.count()), list[list.size() / 2], list[list.size() * 99 / 100],
                list.back());
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "jobs_bench DIRECTORY\n");
        return 2;
    }
    SystemClock clock;
    IdSource ids{clock, 1};
    auto db = db::open_sqlite({.file = std::string{arguments[1]} + "/jobs.db"});
    db->migrate(jobs::migrations());
    std::atomic<int> small = 0, single = 0;
    Arrivals arrivals;
    jobs::Jobs jobs{*db, clock, ids};
    jobs.handle("small", [&small](const jobs::Job&) { return count_one(small); }, {.at_once = 2, .batch = 64});
    jobs.handle("single", [&single](const jobs::Job&) { return count_one(single); }, {.at_once = 2, .batch = 1});
    jobs.subscribe("bench", {"bench."},
                   [&arrivals](db::Tx&, std::span<const jobs::Event> events) { arrivals.arrived(events); });
    jobs.start(2);
    measure_jobs(*db, jobs, "small", 100'000, small);
    measure_jobs(*db, jobs, "single", 10'000, single);
    measure_events(*db, jobs, arrivals);
    jobs.stop();
}
