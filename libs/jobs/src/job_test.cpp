#include "job_store.hpp"

#include "base/result.hpp"
#include "db/test_databases.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace preau::jobs {
namespace {

struct Bench { // one process with its handlers
    explicit Bench(db::Database& database, int node = 1) : db{database}, ids{clock, node} {}

    db::Database& db;
    ManualClock clock;
    IdSource ids;
    Jobs jobs{db, clock, ids};
    std::vector<std::string> done;

    void note(std::string kind, Policy policy = {}) {
        jobs.handle(std::move(kind), [this](Job job) { return add(std::move(job)); }, policy);
    }
    Task<void> add(Job job) {
        done.push_back(job.payload);
        co_return;
    }
    JobId put(NewJob job) {
        return db.write_now([this, job](db::Tx& tx) { return jobs.enqueue(tx, job); });
    }
    std::vector<DeadJob> dead() {
        return db.read_now([](db::Tx& tx) { return Jobs::dead(tx, {}, 100); });
    }
};

Task<void> fail_always(Job) {
    throw std::runtime_error{"the printer is on fire"};
    co_return;
}

void on_each(const std::function<void(db::Database&)>& body) { db::on_each_engine(migrations(), body); }

using Texts = std::vector<std::string>;

TEST_CASE("a job runs once, in the order of its time, and not before") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bench.note("note");
        bench.put({.kind = "note", .payload = "later", .run_at = bench.clock.now() + 1_min});
        bench.put({.kind = "note", .payload = "now"});
        CHECK(bench.jobs.run_due() == 1);
        CHECK(bench.done == Texts{"now"});
        bench.clock.advance(1_min);
        CHECK(bench.jobs.run_due() == 1);
        CHECK(bench.jobs.run_due() == 0);
        CHECK(bench.done == Texts{"now", "later"});
    });
}

TEST_CASE("a job exists exactly when its transaction was committed") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bench.note("note");
        auto refused = db.write_now([&](db::Tx& tx) -> Result<void> {
            bench.jobs.enqueue(tx, {.kind = "note", .payload = "never"});
            return invalid("name", "name.empty");
        });
        CHECK_FALSE(refused.has_value());
        CHECK(bench.jobs.run_due() == 0);
        CHECK(bench.done.empty());
    });
}

TEST_CASE("while one of a key waits another is not added, but one is while it is being done") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bool again = true;
        bench.jobs.handle("note", [&](Job job) -> Task<void> {
            if (std::exchange(again, false)) CHECK(bench.put({.kind = "note", .payload = "third", .key = "k"}));
            return bench.add(std::move(job));
        });
        CHECK(bench.put({.kind = "note", .payload = "first", .key = "k"}));
        CHECK_FALSE(bench.put({.kind = "note", .payload = "second", .key = "k"}));
        CHECK(bench.jobs.run_due() == 2);
        CHECK(bench.done == Texts{"first", "third"});
    });
}

TEST_CASE("a job that always fails is tried with growing pauses, then lies among the dead and can be tried again") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bench.jobs.handle("burn", fail_always, {.attempts = 3, .first_retry = 1_s});
        bench.note("note");
        bench.put({.kind = "burn", .payload = "x"});
        bench.put({.kind = "note", .payload = "unharmed"});
        CHECK(bench.jobs.run_due() == 2);
        CHECK(bench.jobs.run_due() == 0); // it waits
        bench.clock.advance(1'200);
        CHECK(bench.jobs.run_due() == 1);
        bench.clock.advance(1'200);
        CHECK(bench.jobs.run_due() == 0); // the second pause is twice as long
        CHECK(bench.dead().empty());
        bench.clock.advance(1'200);
        CHECK(bench.jobs.run_due() == 1);
        bench.clock.advance(1_days);
        CHECK(bench.jobs.run_due() == 0);
        REQUIRE(bench.dead().size() == 1);
        auto dead = bench.dead()[0];
        auto older = bench.db.read_now([id = dead.id](db::Tx& tx) { return Jobs::dead(tx, id, 100); });
        CHECK(older.empty()); // the next page, by key
        CHECK(dead.problem == "the printer is on fire");
        CHECK(dead.attempts == 3);
        CHECK(bench.done == Texts{"unharmed"});

        CHECK(db.write_now([&](db::Tx& tx) { return bench.jobs.retry(tx, dead.id); }));
        CHECK_FALSE(db.write_now([&](db::Tx& tx) { return bench.jobs.retry(tx, dead.id); }));
        CHECK(bench.dead().empty());
        CHECK(bench.jobs.run_due() == 1); // from its first attempt
        CHECK(bench.dead().empty());
    });
}

TEST_CASE("a dead job that is dropped is gone") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bench.jobs.handle("burn", fail_always, {.attempts = 1});
        bench.put({.kind = "burn"});
        bench.jobs.run_due();
        auto id = bench.dead().at(0).id;
        CHECK(db.write_now([&](db::Tx& tx) { return Jobs::drop(tx, id); }));
        CHECK_FALSE(db.write_now([&](db::Tx& tx) { return Jobs::drop(tx, id); }));
        bench.clock.advance(1_days);
        CHECK(bench.jobs.run_due() == 0);
    });
}

TEST_CASE("a job whose process died in the middle is done by another, once its lease has ended") {
    on_each([](db::Database& db) {
        Bench bench{db};
        bench.note("note");
        bench.put({.kind = "note", .payload = "half done"});
        auto taken = db.write_now([&](db::Tx& tx) { // what the dead process did before it died
            auto due = store::due_jobs(tx, "note", bench.clock.now(), 10);
            store::take_jobs(tx, {due.at(0).id.value}, 4711, bench.clock.now() + lease);
            return due.size();
        });
        CHECK(taken == 1);
        CHECK(bench.jobs.run_due() == 0);
        bench.clock.advance(lease);
        CHECK(bench.jobs.run_due() == 1);
        // The first comes back after all: what it says is no longer asked for.
        db.write_now([&](db::Tx& tx) { store::delete_jobs(tx, {1, 2, 3}, 4711); });
        CHECK(bench.done == Texts{"half done"});
    });
}

TEST_CASE("a timer has its turn after each period; turns that were missed are made up by one") {
    on_each([](db::Database& db) {
        {
            Bench bench{db};
            bench.note("nightly");
            bench.jobs.every(1_days, "nightly");
            CHECK(bench.jobs.run_due() == 0); // plants it
            bench.clock.advance(1_days);
            CHECK(bench.jobs.run_due() == 1);
        }
        Bench restarted{db, 2};
        restarted.note("nightly");
        restarted.jobs.every(1_days, "nightly");
        restarted.clock.advance(1_days + 1_h);
        CHECK(restarted.jobs.run_due() == 0); // its turn was had before the restart
        restarted.clock.advance(9_days);
        CHECK(restarted.jobs.run_due() == 1);
        CHECK(restarted.jobs.run_due() == 0);
    });
}

TEST_CASE("two processes with threads do a thousand jobs, each once") {
    on_each([](db::Database& db) {
        constexpr int count = 1'000;
        std::mutex mutex;
        std::map<std::string, int> times;
        SystemClock clock;
        IdSource one_ids{clock, 1}, other_ids{clock, 2};
        Jobs one{db, clock, one_ids}, other{db, clock, other_ids};
        auto handler = [&](Job job) -> Task<void> {
            std::lock_guard lock{mutex};
            ++times[job.payload];
            return [](auto) -> Task<void> { co_return; }(0);
        };
        for (auto* jobs : {&one, &other}) jobs->handle("count", handler, {.batch = 20});
        one.start(2);
        other.start(2);
        for (int part = 0; part < 10; ++part)
            db.write_now([&, part](db::Tx& tx) {
                for (int i = 0; i < count / 10; ++i)
                    one.enqueue(tx, {.kind = "count", .payload = std::to_string(part * 1000 + i)});
            });
        for (int wait = 0; wait < 6'000; ++wait) {
            if (db.read_now([](db::Tx& tx) { return Jobs::waiting(tx); }).empty()) break;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        one.stop();
        other.stop();
        CHECK(times.size() == count);
        for (const auto& [payload, number] : times) CHECK_MESSAGE(number == 1, payload);
    });
}

TEST_CASE("stopping waits for the job that runs") {
    auto db = db::fresh_sqlite(migrations());
    SystemClock clock;
    IdSource ids{clock, 1};
    std::atomic<bool> began = false, ended = false;
    Jobs jobs{*db, clock, ids};
    jobs.handle("slow", [&](Job) -> Task<void> {
        began = true;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        ended = true;
        return [](auto) -> Task<void> { co_return; }(0);
    });
    jobs.start(1);
    db->write_now([&](db::Tx& tx) { jobs.enqueue(tx, {.kind = "slow"}); });
    while (!began) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    jobs.stop();
    CHECK(ended);
    CHECK(db->read_now([](db::Tx& tx) { return Jobs::waiting(tx); }).empty());
}

} // namespace
TEST_CASE("the dead of a kind are counted, listed, tried again and dropped together") {
    on_each([](db::Database& db) {
        Bench bench{db};
        for (auto kind : {"burn", "drown"}) bench.jobs.handle(kind, fail_always, {.attempts = 1});
        for (int i = 0; i < 5; ++i) bench.put({.kind = "burn"});
        bench.put({.kind = "drown"});
        bench.jobs.run_due();
        auto counts = db.read_now([](db::Tx& tx) { return Jobs::dead_counts(tx); });
        REQUIRE(counts.size() == 2);
        CHECK(counts[0].kind == "burn");
        CHECK(counts[0].count == 5);
        CHECK(db.read_now([](db::Tx& tx) { return Jobs::dead(tx, {}, 100, "drown"); }).size() == 1);
        CHECK(db.write_now([&](db::Tx& tx) { return bench.jobs.retry_all(tx, "burn", 3); }) == 3);
        CHECK(bench.dead().size() == 3);
        bench.jobs.run_due(); // they fail again
        CHECK(bench.dead().size() == 6);
        CHECK(db.write_now([](db::Tx& tx) { return Jobs::drop_all(tx, "burn", 100); }) == 5);
        CHECK(db.write_now([](db::Tx& tx) { return Jobs::drop_all(tx, "burn", 100); }) == 0);
        CHECK(bench.dead().size() == 1);
    });
}

} // namespace preau::jobs
