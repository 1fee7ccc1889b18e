#include "test_rows.hpp"

#include "db/snapshot.hpp"
#include "db/test_cluster.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

using namespace preau;
using namespace preau::db::testing;

namespace {

class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "preau-snapshot-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()));
        path_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Writes pairs of notes until it is destroyed: a copy that holds half a pair is none of any one moment.
class PairWriter {
public:
    explicit PairWriter(db::Database& db) : db_{db}, thread_{[this] { run(); }} {}
    ~PairWriter() {
        stop_ = true;
        thread_.join();
    }
    PairWriter(const PairWriter&) = delete;
    PairWriter& operator=(const PairWriter&) = delete;
    void wait_for(int pairs) const {
        while (pairs_ < pairs) std::this_thread::yield();
    }

private:
    void run() {
        for (std::int64_t next = 1; !stop_; next += 2) {
            db_.write_now([next](db::Tx& tx) {
                insert_id(tx, next);
                insert_id(tx, next + 1);
            });
            ++pairs_;
        }
    }
    db::Database& db_;
    std::atomic<bool> stop_ = false;
    std::atomic<int> pairs_ = 0;
    std::thread thread_; // last: uses the others
};

void damage(const std::filesystem::path& file) {
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    for (std::streamoff at = 8192; at < 8192 + 100; ++at) {
        stream.seekp(at);
        stream.put('\x55');
    }
}

} // namespace

TEST_CASE("an SQLite database is copied while it is written, whole and of one moment") {
    Folder folder;
    auto db = db::open_sqlite({.file = folder / "main.db"});
    db->migrate(note_migrations());
    std::int64_t seen = -1;
    {
        PairWriter writer{*db};
        writer.wait_for(20);
        db::snapshot_sqlite(folder / "main.db", folder / "copy.db", [&seen](db::Tx& tx) { seen = count_notes(tx); });
    }
    CHECK(seen >= 40);
    CHECK(seen % 2 == 0);
    auto copy = db::open_sqlite({.file = folder / "copy.db"});
    CHECK(copy->read_now([](db::Tx& tx) { return count_notes(tx); }) == seen);
    CHECK_THROWS_AS(db::snapshot_sqlite(folder / "main.db", folder / "copy.db", [](db::Tx&) {}), db::Failure);
}

TEST_CASE("a damaged SQLite database is found out") {
    Folder folder;
    {
        auto db = db::open_sqlite({.file = folder / "main.db"});
        db->migrate(note_migrations());
        for (std::int64_t id = 1; id <= 500; ++id) db->write_now([id](db::Tx& tx) { insert_id(tx, id); });
    }
    CHECK_NOTHROW(db::check_sqlite(folder / "main.db"));
    damage(folder / "main.db");
    CHECK_THROWS_AS(db::check_sqlite(folder / "main.db"), db::Failure);
}

TEST_CASE("a PostgreSQL database is dumped while it is written, and restored into an empty one only") {
    Folder folder;
    const auto source = db::make_test_database();
    const auto target = db::make_test_database();
    auto db = db::open_postgres({.connection = source});
    db->migrate(note_migrations());
    std::int64_t seen = -1;
    {
        PairWriter writer{*db};
        writer.wait_for(20);
        db::snapshot_postgres(source, folder / "dump", [&seen](db::Tx& tx) { seen = count_notes(tx); });
        writer.wait_for(60); // what is written behind it does not come along
    }
    CHECK(seen >= 40);
    CHECK(seen % 2 == 0);
    db::restore_postgres(target, folder / "dump");
    auto restored = db::open_postgres({.connection = target});
    CHECK(restored->read_now([](db::Tx& tx) { return count_notes(tx); }) == seen);
    CHECK_THROWS_WITH_AS(db::restore_postgres(target, folder / "dump"),
                         "the PostgreSQL database is not empty: name a new one", db::Failure);
    CHECK_THROWS_AS(db::restore_postgres(db::make_test_database(), folder / "no such dump"), db::Failure);
}
