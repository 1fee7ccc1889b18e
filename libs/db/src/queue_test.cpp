#include "test_rows.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace preau;
using namespace preau::db::testing;
using namespace std::chrono_literals;

namespace {

struct TemporaryFile {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("preau-queue-" + std::to_string(::getpid()) + ".db");
    ~TemporaryFile() {
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
    }
};

std::unique_ptr<db::Database> impatient(const TemporaryFile& file, std::size_t queue_limit) {
    auto database =
        db::open_sqlite({.file = file.path, .readers = 1, .queue_deadline = 100ms, .queue_limit = queue_limit});
    database->migrate(note_migrations());
    return database;
}

} // namespace

TEST_CASE("the deadline drops a queued closure at its time, and awaits one that started") {
    TemporaryFile file;
    auto database = impatient(file, 100);
    auto& db = *database;
    for (bool writing : {true, false}) {
        CAPTURE(writing);
        Latch started, release;
        auto slow = [&](db::Tx&) {
            started.open();
            release.wait();
            return 7;
        };
        std::atomic<bool> ran = false;
        auto touch = [&](db::Tx&) { ran = true; };
        auto held = writing ? begin(db.write({}, slow)) : begin(db.read(slow));
        started.wait();
        auto queued = writing ? begin(db.write({}, touch)) : begin(db.read(touch));
        // Answered although the only thread that could take it is still busy.
        REQUIRE(queued.wait_for(5s) == std::future_status::ready);
        CHECK_THROWS_AS(queued.get(), db::Overloaded);
        CHECK(held.wait_for(0s) == std::future_status::timeout);
        release.open();
        CHECK(held.get() == 7); // long after its own deadline
        CHECK_FALSE(ran);
    }
}

TEST_CASE("a full queue refuses at once") {
    TemporaryFile file;
    auto database = impatient(file, 3);
    auto& db = *database;
    Latch started, release;
    auto held = begin(db.write({}, [&](db::Tx&) {
        started.open();
        release.wait();
    }));
    started.wait();
    std::vector<std::future<void>> writes;
    for (int i = 1; i <= 4; ++i) writes.push_back(begin(db.write({}, [i](db::Tx& tx) { insert_id(tx, i); })));
    REQUIRE(writes.back().wait_for(0s) == std::future_status::ready);
    CHECK_THROWS_AS(writes.back().get(), db::Overloaded);
    release.open();
    held.get();
    for (int i = 0; i < 3; ++i) CHECK_NOTHROW(writes[static_cast<std::size_t>(i)].get());
}

TEST_CASE("closing finishes what started and fails what waits") {
    TemporaryFile file;
    auto database = db::open_sqlite({.file = file.path, .readers = 1});
    database->migrate(note_migrations());
    Latch started, release;
    auto held = begin(database->write({}, [&](db::Tx& tx) {
        started.open();
        release.wait();
        insert_id(tx, 1);
    }));
    started.wait();
    auto queued = begin(database->write({}, [](db::Tx& tx) { insert_id(tx, 2); }));
    std::jthread closer{[&] { database.reset(); }};
    CHECK_THROWS_AS(queued.get(), db::Overloaded);
    release.open();
    CHECK_NOTHROW(held.get());
    closer.join();
    database = db::open_sqlite({.file = file.path});
    CHECK(database->read_now([](db::Tx& tx) { return note_ids(tx); }) == std::vector<std::int64_t>{1});
}

TEST_CASE("a slow reader does not hold up the others") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        Latch started, release;
        auto held = begin(db.read([&](db::Tx&) {
            started.open();
            release.wait();
        }));
        started.wait();
        for (int i = 0; i < 20; ++i) CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 0);
        release.open();
        held.get();
    });
}
