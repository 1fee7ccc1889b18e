#include "event_store.hpp"

#include "base/result.hpp"
#include "db/test_databases.hpp"

#include <doctest/doctest.h>

#include <future>
#include <stdexcept>
#include <thread>

namespace preau::jobs {
namespace {

struct Listener {
    explicit Listener(db::Database& database, int node = 1) : db{database}, ids{clock, node} {}
    db::Database& db;
    ManualClock clock;
    IdSource ids;
    Jobs jobs{db, clock, ids};
    std::vector<std::string> heard;

    void hear(std::string name, std::vector<std::string> prefixes = {""}) {
        jobs.subscribe(std::move(name), std::move(prefixes), [this](db::Tx&, std::span<const Event> events) {
            for (const auto& event : events) heard.push_back(event.kind + ":" + event.detail);
        });
    }
    void tell(std::string kind, std::string detail = {}) {
        db.write_now([&](db::Tx& tx) { jobs.record(tx, {.kind = kind, .item = 9, .detail = detail}); });
    }
};

using Texts = std::vector<std::string>;
void on_each(const std::function<void(db::Database&)>& body) { db::on_each_engine(migrations(), body); }

TEST_CASE("each subscriber hears what it asked for, once and in order, also after a restart") {
    on_each([](db::Database& db) {
        {
            Listener before{db};
            before.tell("item.created", "before anybody listened");
            before.hear("all");
            before.jobs.run_due();
            CHECK(before.heard.empty()); // Start::Now
            before.tell("item.created", "1");
            before.tell("link.created", "2");
            before.jobs.run_due();
            CHECK(before.heard == Texts{"item.created:1", "link.created:2"});
            before.jobs.run_due();
            CHECK(before.heard.size() == 2);
        }
        Listener after{db, 2};
        after.hear("all", {"item."});
        after.tell("link.created", "3");
        after.tell("item.trashed", "4");
        after.jobs.run_due();
        CHECK(after.heard == Texts{"item.trashed:4"});
    });
}

TEST_CASE("an event whose transaction is rolled back was never there") {
    on_each([](db::Database& db) {
        Listener listener{db};
        listener.hear("all");
        listener.jobs.run_due();
        auto refused = db.write_now([&](db::Tx& tx) -> Result<void> {
            listener.jobs.record(tx, {.kind = "item.created"});
            return invalid("name", "name.empty");
        });
        CHECK_FALSE(refused.has_value());
        CHECK(listener.jobs.run_due() == 0);
        CHECK(listener.heard.empty());
    });
}

TEST_CASE("a subscriber that throws holds up nobody else, and a poisoned event is put aside in the end") {
    on_each([](db::Database& db) {
        Listener listener{db};
        bool cured = false;
        Texts heard_by_weak;
        listener.hear("sound");
        listener.jobs.subscribe("weak", {""}, [&](db::Tx&, std::span<const Event> events) {
            for (const auto& event : events) {
                if (event.detail == "poison" && !cured) throw std::runtime_error{"cannot stomach it"};
                heard_by_weak.push_back(event.detail);
            }
        });
        listener.jobs.run_due();
        for (const auto* detail : {"a", "b", "poison", "c"}) listener.tell("item.created", detail);
        listener.jobs.run_due();
        CHECK(listener.heard.size() == 4);
        // The portion that failed was rolled back, then its events came one by one up to the poison.
        CHECK(heard_by_weak == Texts{"a", "b", "a", "b"});
        for (int i = 0; i < 12; ++i) {
            listener.clock.advance(10_min);
            listener.jobs.run_due();
        }
        CHECK(heard_by_weak == Texts{"a", "b", "a", "b", "c"});
        auto dead = db.read_now([](db::Tx& tx) { return Jobs::dead(tx, {}, 10); });
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].kind == "event:weak");
        CHECK(dead[0].problem == "cannot stomach it");

        cured = true; // the next version of the subscriber; the administrator tries it again
        db.write_now([&](db::Tx& tx) { listener.jobs.retry(tx, dead[0].id); });
        listener.jobs.run_due();
        CHECK(heard_by_weak.back() == "poison");
    });
}

TEST_CASE("on PostgreSQL an event that commits late is not skipped") {
    auto db = db::fresh_postgres(migrations());
    Listener listener{*db};
    listener.hear("all");
    listener.jobs.run_due();
    std::promise<void> written, go_on;
    std::thread slow{[&] { // has the lower position and commits last
        db->write_now(
            [&](db::Tx& tx) {
                listener.jobs.record(tx, {.kind = "slow"});
                written.set_value();
                go_on.get_future().wait();
            },
            db::Lane{1});
    }};
    written.get_future().wait();
    db->write_now([&](db::Tx& tx) { listener.jobs.record(tx, {.kind = "quick"}); }, db::Lane{2});
    listener.jobs.run_due();
    CHECK(listener.heard.empty()); // quick has settled only when slow has ended
    go_on.set_value();
    slow.join();
    listener.jobs.run_due();
    CHECK(listener.heard == Texts{"slow:", "quick:"});
}

TEST_CASE("many writers, two processes that listen: every event is heard exactly once") {
    on_each([](db::Database& db) {
        constexpr int writers = 4, each = 100;
        SystemClock clock;
        IdSource one_ids{clock, 1}, other_ids{clock, 2};
        Jobs one{db, clock, one_ids}, other{db, clock, other_ids};
        for (auto* jobs : {&one, &other})
            jobs->subscribe("count", {"n."}, [&, jobs](db::Tx& tx, std::span<const Event> events) {
                // What a subscriber writes is committed with its cursor or not at all.
                for (const auto& event : events) jobs->record(tx, {.kind = "heard", .detail = event.detail});
            });
        one.start(1);
        other.start(1);
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                for (int i = 0; i < each; ++i)
                    db.write_now(
                        [&, writer, i](db::Tx& tx) {
                            one.record(tx, {.kind = "n.x", .detail = std::to_string(writer * 1000 + i)});
                        },
                        db::Lane{static_cast<std::uint64_t>(writer) + 1});
            });
        for (auto& thread : threads) thread.join();
        static const db::Query count{"jobs.test_heard", "SELECT COUNT(*) FROM outbox WHERE kind = 'heard'"};
        for (int wait = 0; wait < 4'000; ++wait) {
            if (db.read_now([](db::Tx& tx) { return tx.one<std::int64_t>(count, {}); }) >= writers * each) break;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        one.stop();
        other.stop();
        CHECK(db.read_now([](db::Tx& tx) { return *tx.one<std::int64_t>(count, {}); }) == writers * each);
    });
}

} // namespace
} // namespace preau::jobs
