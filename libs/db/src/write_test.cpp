#include "test_rows.hpp"

#include "base/result.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <map>

using namespace preau;
using namespace preau::db::testing;

namespace {

struct Thrown {
    int number;
};

Result<int> refuse_after_insert(db::Tx& tx, std::int64_t id) {
    insert_id(tx, id);
    return invalid("title", "test.refused");
}

// Holds the writer in one closure, so that everything begun meanwhile stands in the queue and becomes one batch.
class HeldWriter {
public:
    explicit HeldWriter(db::Database& db)
        : held_{begin(db.write(db::Lane{1'000'000}, [this](db::Tx&) {
              started_.open();
              release_.wait();
          }))} {
        started_.wait();
    }
    void release() {
        release_.open();
        held_.get();
    }

private:
    Latch started_;
    Latch release_;
    std::future<void> held_;
};

} // namespace

TEST_CASE("an error result rolls its closure back and is answered") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        auto result = db.write_now([](db::Tx& tx) { return refuse_after_insert(tx, 1); });
        REQUIRE_FALSE(result);
        CHECK(result.error().key == "test.refused");
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 0);
    });
}

TEST_CASE("any exception passes through and rolls its closure back") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        try {
            db.write_now([](db::Tx& tx) {
                insert_id(tx, 1);
                throw Thrown{42};
            });
            FAIL("nothing was thrown");
        } catch (const Thrown& thrown) {
            CHECK(thrown.number == 42);
        }
        CHECK_THROWS_AS(db.read_now([](db::Tx&) -> int { throw Thrown{1}; }), Thrown);
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 0);
    });
}

TEST_CASE("in one batch each closure stands or falls alone") {
    auto database = db::fresh_sqlite(note_migrations());
    auto& db = *database;
    HeldWriter writer{db};
    auto first = begin(db.write(db::Lane{1}, [](db::Tx& tx) { insert_id(tx, 1); }));
    auto refused = begin(db.write(db::Lane{2}, [](db::Tx& tx) { return refuse_after_insert(tx, 2); }));
    auto thrown = begin(db.write(db::Lane{3}, [](db::Tx& tx) {
        insert_id(tx, 3);
        throw Thrown{3};
    }));
    auto twice = begin(db.write(db::Lane{4}, [](db::Tx& tx) {
        insert_id(tx, 4);
        insert_id(tx, 4);
    }));
    auto last = begin(db.write(db::Lane{5}, [](db::Tx& tx) { insert_id(tx, 5); }));
    writer.release();
    first.get();
    CHECK_FALSE(refused.get());
    CHECK_THROWS_AS(thrown.get(), Thrown);
    CHECK_THROWS_AS(twice.get(), db::ConstraintFailure);
    last.get();
    CHECK(db.read_now([](db::Tx& tx) { return note_ids(tx); }) == std::vector<std::int64_t>{1, 5});
}

TEST_CASE("the same on PostgreSQL, where one writer takes a lane's batch") {
    auto database = db::fresh_postgres(note_migrations());
    auto& db = *database;
    HeldWriter writer{db};
    std::vector<std::future<void>> writes;
    for (std::int64_t id = 1; id <= 20; ++id)
        writes.push_back(begin(db.write(db::Lane{1'000'000}, [id](db::Tx& tx) { insert_id(tx, id % 10); })));
    writer.release();
    for (int i = 0; i < 10; ++i) CHECK_NOTHROW(writes[static_cast<std::size_t>(i)].get());
    for (int i = 10; i < 20; ++i) CHECK_THROWS_AS(writes[static_cast<std::size_t>(i)].get(), db::ConstraintFailure);
    CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 10);
}

TEST_CASE("a failure that a service swallows still ends its closure") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) { insert_id(tx, 1); });
        auto swallow = [](db::Tx& tx) {
            insert_id(tx, 2);
            try {
                insert_id(tx, 1);
            } catch (const db::ConstraintFailure&) {
            }
        };
        CHECK_THROWS_AS(db.write_now(swallow), db::ConstraintFailure);
        auto go_on = [swallow](db::Tx& tx) {
            swallow(tx);
            return count_notes(tx);
        };
        CHECK_THROWS_AS(db.write_now(go_on), db::ConstraintFailure);
        auto explain = [](db::Tx& tx) -> Result<int> {
            try {
                insert_id(tx, 1);
            } catch (const db::ConstraintFailure&) {
                return fail(Error::Kind::Conflict, "test.taken");
            }
            return 1;
        };
        CHECK(db.write_now(explain).error().key == "test.taken");
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 1);
    });
}

TEST_CASE("closures of a lane run in the order they came") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        std::vector<std::future<void>> writes;
        std::mutex mutex;
        std::map<int, std::vector<int>> order;
        for (int i = 0; i < 300; ++i)
            writes.push_back(begin(db.write(db::Lane{static_cast<std::uint64_t>(i % 3)}, [&, i](db::Tx& tx) {
                insert_id(tx, i + 1);
                std::lock_guard lock{mutex};
                order[i % 3].push_back(i);
            })));
        for (auto& write : writes) write.get();
        for (auto& [lane, numbers] : order) {
            CHECK(numbers.size() == 100);
            CHECK(std::is_sorted(numbers.begin(), numbers.end()));
        }
    });
}

TEST_CASE("after_commit runs once what was committed can be read, and never for what was rolled back") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        std::atomic<int> actions = 0;
        std::atomic<std::int64_t> seen = -1;
        auto answer = begin(db.write(db::Lane{1}, [&](db::Tx& tx) {
            insert_id(tx, 1);
            CHECK(db.read_now([](db::Tx& other) { return count_notes(other); }) == 0);
            tx.after_commit([&] {
                ++actions;
                seen = db.read_now([](db::Tx& other) { return count_notes(other); });
            });
            CHECK(actions == 0);
        }));
        answer.get();
        CHECK(actions == 1);
        CHECK(seen == 1);
        (void)db.write_now([&](db::Tx& tx) {
            tx.after_commit([&] { ++actions; });
            return refuse_after_insert(tx, 2);
        });
        auto thrower = [&](db::Tx& tx) {
            tx.after_commit([&] { ++actions; });
            throw Thrown{1};
        };
        CHECK_THROWS_AS(db.write_now(thrower), Thrown);
        CHECK(actions == 1);
    });
}

TEST_CASE("64 threads of writers are counted exactly, each reads what it wrote") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        std::vector<std::jthread> threads;
        std::atomic<int> unseen = 0;
        for (int thread = 0; thread < 64; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 10; ++i) {
                    const std::int64_t id = thread * 100 + i + 1;
                    const db::Lane lane{static_cast<std::uint64_t>(thread % 8)};
                    db.write_now([id](db::Tx& tx) { insert_id(tx, id); }, lane);
                    if (!db.read_now([id](db::Tx& tx) { return find_note(tx, NoteId{id}); })) ++unseen;
                }
            });
        threads.clear();
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 640);
        CHECK(unseen == 0);
    });
}
