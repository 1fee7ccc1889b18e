#include "test_rows.hpp"

#include "db/test_cluster.hpp"

#include <array>
#include <atomic>
#include <doctest/doctest.h>

using namespace preau;
using namespace preau::db::testing;
using namespace std::chrono_literals;

namespace {

const db::Query close_first_sql{"test.close_first", "UPDATE note SET closed = 1 WHERE id = $1"};

} // namespace

TEST_CASE("lanes run beside each other, a lane never beside itself") {
    auto database = db::fresh_postgres(note_migrations());
    auto& db = *database;
    Latch first_started, second_started;
    // Each waits for the other to have started: with one writer this would never end.
    auto first = begin(db.write(db::Lane{1}, [&](db::Tx& tx) {
        insert_id(tx, 1);
        first_started.open();
        second_started.wait();
    }));
    auto second = begin(db.write(db::Lane{2}, [&](db::Tx& tx) {
        insert_id(tx, 2);
        second_started.open();
        first_started.wait();
    }));
    first.get();
    second.get();

    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::vector<std::future<void>> writes;
    for (int i = 0; i < 40; ++i)
        writes.push_back(begin(db.write(db::Lane{5}, [&](db::Tx&) {
            most = std::max(most.load(), ++inside);
            std::this_thread::sleep_for(1ms);
            --inside;
        })));
    for (auto& write : writes) write.get();
    CHECK(most == 1);
}

TEST_CASE("a lane is kept between two servers on one database") {
    auto connection = db::make_test_database();
    auto one = db::open_postgres({.connection = connection});
    auto other = db::open_postgres({.connection = connection});
    one->migrate(note_migrations());
    // Read, think, write: without the lane's lock some of these would read the same count.
    auto append = [](db::Tx& tx) {
        auto next = count_notes(tx) + 1;
        std::this_thread::sleep_for(1ms);
        insert_id(tx, next);
    };
    std::vector<std::future<void>> writes;
    for (int i = 0; i < 60; ++i) writes.push_back(begin((i % 2 ? *one : *other).write(db::Lane{7}, append)));
    for (auto& write : writes) CHECK_NOTHROW(write.get());
    CHECK(one->read_now([](db::Tx& tx) { return count_notes(tx); }) == 60);
}

TEST_CASE("a deadlock between lanes is repeated until both are through") {
    auto database = db::fresh_postgres(note_migrations());
    auto& db = *database;
    db.write_now([](db::Tx& tx) {
        insert_id(tx, 1);
        insert_id(tx, 2);
    });
    std::atomic<int> attempts = 0;
    auto cross = [&](std::int64_t first, std::int64_t second) {
        return [&attempts, first, second](db::Tx& tx) {
            tx.execute(close_first_sql, {first});
            if (++attempts <= 2) std::this_thread::sleep_for(200ms); // both hold their first row now
            tx.execute(close_first_sql, {second});
        };
    };
    auto one = begin(db.write(db::Lane{1}, cross(1, 2)));
    auto other = begin(db.write(db::Lane{2}, cross(2, 1)));
    CHECK_NOTHROW(one.get());
    CHECK_NOTHROW(other.get());
    CHECK(attempts > 2);
}

TEST_CASE("lost connections are found and replaced") {
    auto connection = db::make_test_database();
    auto database = db::open_postgres({.connection = connection, .readers = 2, .writers = 2});
    auto& db = *database;
    db.migrate(note_migrations());
    for (std::int64_t round = 1; round <= 5; ++round) {
        db.write_now([round](db::Tx& tx) { insert_id(tx, round); });
        db::end_connections(connection);
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == round);
    }
}

TEST_CASE("a connection lost inside a closure runs it again; nothing is written twice") {
    auto connection = db::make_test_database();
    auto database = db::open_postgres({.connection = connection});
    auto& db = *database;
    db.migrate(note_migrations());
    std::atomic<int> runs = 0;
    db.write_now([&](db::Tx& tx) {
        insert_id(tx, 1);
        if (++runs == 1) db::end_connections(connection);
        insert_id(tx, 2);
    });
    CHECK(runs == 2);
    std::atomic<int> reads = 0;
    auto count = db.read_now([&](db::Tx& tx) {
        count_notes(tx);
        if (++reads == 1) db::end_connections(connection);
        return count_notes(tx);
    });
    CHECK(count == 2);
    CHECK(reads == 2);
}

TEST_CASE("a connection lost at COMMIT is reported, not repeated: it may have been kept") {
    auto connection = db::make_test_database();
    auto database = db::open_postgres({.connection = connection});
    auto& db = *database;
    db.migrate(note_migrations());
    std::atomic<int> runs = 0;
    auto lose = [&](db::Tx& tx) {
        ++runs;
        insert_id(tx, 1);
        db::end_connections(connection);
    };
    CHECK_THROWS_WITH_AS(db.write_now(lose), doctest::Contains("COMMIT"), db::Failure);
    CHECK(runs == 1);
    CHECK_NOTHROW(db.write_now([](db::Tx& tx) { insert_id(tx, 2); }));
}

TEST_CASE("a server that cannot be reached is an error that says so") {
    CHECK_THROWS_WITH_AS(db::open_postgres({.connection = "host=/nowhere port=1 dbname=x"}),
                         doctest::Contains("connecting to PostgreSQL"), db::Failure);
}

TEST_CASE("closures that hold several lanes never wait for each other in a circle, and keep all of them") {
    auto database = db::fresh_postgres(note_migrations());
    auto& db = *database;
    // Five lanes around a table: each closure takes two neighbours, half of them in the other order.
    constexpr std::uint64_t lanes = 5;
    std::array<std::atomic<int>, lanes> inside{};
    std::atomic<int> met = 0;
    std::vector<std::future<void>> writes;
    for (std::uint64_t i = 0; i < 60; ++i) {
        auto one = i % lanes;
        auto other = (i + 1) % lanes;
        if (i % 2) std::swap(one, other);
        writes.push_back(
            begin(db.write_across({db::Lane{one + 1}, db::Lane{other + 1}}, [&, i, one, other](db::Tx& tx) {
                for (auto lane : {one, other}) met += ++inside[lane] > 1;
                insert_id(tx, static_cast<std::int64_t>(i) + 1);
                std::this_thread::sleep_for(1ms);
                for (auto lane : {one, other}) --inside[lane];
            })));
    }
    for (auto& write : writes) CHECK_NOTHROW(write.get());
    CHECK(met == 0);
    CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 60);
}
