#include "store_directory.hpp"

#include "blob_rows_store.hpp"
#include "db/test_databases.hpp"

#include <latch>
#include <thread>

using namespace preau;
using namespace preau::blob;

namespace {

constexpr std::int64_t teacher = 1;
constexpr std::int64_t pupil = 2;

const db::Query count_blobs_sql{"blob_test.count", "SELECT count(*) FROM blob"};
const db::Query count_loose_sql{"blob_test.count_loose", "SELECT count(*) FROM blob_loose"};

struct School {
    explicit School(db::Database& database) : db{database} {}

    BlobId add_text(const std::string& text, std::int64_t owner) {
        auto bytes = stored(*store, text);
        return add_stored(bytes, owner);
    }
    BlobId add_stored(const Stored& bytes, std::int64_t owner) {
        return db.write_now([this, bytes, owner](db::Tx& tx) { return add(tx, ids, *store, bytes, owner); },
                            db::Lane{static_cast<std::uint64_t>(owner)});
    }
    void release_owner(std::int64_t owner) {
        db.write_now([owner](db::Tx& tx) { release(tx, owner); }, db::Lane{static_cast<std::uint64_t>(owner)});
    }
    std::optional<Stored> found(BlobId id) {
        return db.read_now([id](db::Tx& tx) { return find(tx, id); });
    }
    std::int64_t count(const db::Query& query) {
        return db.read_now([&query](db::Tx& tx) { return *tx.one<std::int64_t>(query, {}); });
    }
    std::int64_t rows() { return count(count_blobs_sql); }
    // Waits for what was discarded.
    std::vector<std::string> files() {
        store.reset();
        store = directory.open();
        return directory.files();
    }
    // Each row has its file, and there is no other file.
    void check_consistent() {
        CHECK(static_cast<std::int64_t>(files().size()) == rows());
        auto locators = db.read_now([](db::Tx& tx) {
            static const db::Query sql{"blob_test.locators", "SELECT locator FROM blob"};
            return tx.all<std::string>(sql, {});
        });
        for (const auto& locator : locators) CHECK(read_text(*store, locator).has_value());
    }

    db::Database& db;
    SystemClock clock;
    IdSource ids{clock, 0};
    StoreDirectory directory;
    std::unique_ptr<BlobStore> store = directory.open();
};

} // namespace

TEST_CASE("identical bytes share a row and a file") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto mine = school.add_text("worksheet", teacher);
        auto theirs = school.add_text("worksheet", pupil);
        auto other = school.add_text("another", pupil);
        CHECK(mine == theirs);
        CHECK(mine != other);
        CHECK(school.rows() == 2);
        CHECK(school.files().size() == 2);
        auto bytes = school.found(mine);
        REQUIRE(bytes.has_value());
        CHECK(bytes->hash == stored(*school.store, "worksheet").hash);
        CHECK(bytes->size == 9);
        CHECK(read_text(*school.store, bytes->locator).value() == "worksheet");
    });
}

TEST_CASE("one upload may be named for two owners, and twice for one") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto bytes = stored(*school.store, "worksheet");
        auto mine = school.add_stored(bytes, teacher);
        CHECK(school.add_stored(bytes, pupil) == mine);
        CHECK(school.add_stored(bytes, pupil) == mine);
        CHECK(school.files() == std::vector<std::string>{bytes.locator});
    });
}

TEST_CASE("a transaction that is rolled back names nothing and removes nothing") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        school.add_text("worksheet", teacher);
        auto bytes = stored(*school.store, "worksheet");
        auto refused = db.write_now([&school, bytes](db::Tx& tx) -> Result<BlobId> {
            add(tx, school.ids, *school.store, bytes, pupil);
            return forbidden("no");
        });
        CHECK_FALSE(refused.has_value());
        CHECK(school.files().size() == 2); // the second waits for the caller, or the sweep
        school.release_owner(teacher);
        CHECK(collect(db, *school.store, 10) == 1); // the pupil's reference was never there
    });
}

TEST_CASE("what nobody holds any more is collected, row and file, and nothing else") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto shared = school.add_text("shared", teacher);
        school.add_text("shared", pupil);
        auto alone = school.add_text("alone", teacher);
        CHECK(collect(db, *school.store, 10) == 0);

        school.release_owner(teacher);
        CHECK(school.found(alone).has_value()); // nothing goes before the collector comes
        CHECK(collect(db, *school.store, 10) == 1);
        CHECK_FALSE(school.found(alone).has_value());
        CHECK(school.found(shared).has_value());
        CHECK(school.files().size() == 1);

        school.release_owner(pupil);
        CHECK(collect(db, *school.store, 10) == 1);
        CHECK(school.rows() == 0);
        CHECK(school.files().empty());
        CHECK(collect(db, *school.store, 10) == 0);
    });
}

TEST_CASE("the collector takes no more than it was told and goes on where it stopped") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        for (int i = 0; i < 5; ++i) school.add_text(std::to_string(i), teacher);
        school.release_owner(teacher);
        CHECK(collect(db, *school.store, 2) == 2);
        CHECK(collect(db, *school.store, 2) == 2);
        CHECK(collect(db, *school.store, 2) == 1);
        CHECK(school.count(count_loose_sql) == 0);
        CHECK(school.files().empty());
    });
}

TEST_CASE("bytes that are named already get one more owner without being sent again") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto id = school.add_text("worksheet", teacher);
        auto share_with_pupil = [&] { return db.write_now([id](db::Tx& tx) { return share(tx, id, pupil); }); };
        CHECK(share_with_pupil());
        school.release_owner(teacher);
        CHECK(collect(db, *school.store, 10) == 0);
        school.release_owner(pupil);
        CHECK(collect(db, *school.store, 10) == 1);
        CHECK_FALSE(share_with_pupil());
    });
}

TEST_CASE("an owner may change its bytes for the same ones in one transaction") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto id = school.add_text("worksheet", teacher);
        auto again = stored(*school.store, "worksheet");
        auto kept = db.write_now([&school, again](db::Tx& tx) {
            release(tx, teacher);
            return add(tx, school.ids, *school.store, again, teacher);
        });
        CHECK(kept == id);
        CHECK(collect(db, *school.store, 10) == 0);
        school.check_consistent();
    });
}

TEST_CASE("a collector that comes while a writer shares the bytes leaves them") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto id = school.add_text("worksheet", teacher);
        school.release_owner(teacher); // nobody holds it: the collector may take it from here on
        auto again = stored(*school.store, "worksheet");
        std::latch added{1};
        std::atomic<bool> counted = false; // the closure may run twice
        std::jthread writer{[&] {
            auto shared = db.write_now([&](db::Tx& tx) {
                auto named = add(tx, school.ids, *school.store, again, pupil);
                if (!counted.exchange(true)) added.count_down();
                std::this_thread::sleep_for(std::chrono::milliseconds{150});
                return named;
            });
            CHECK(shared == id);
        }};
        added.wait();
        CHECK(collect(db, *school.store, 10) == 0);
        writer.join();
        CHECK(collect(db, *school.store, 10) == 0);
        school.check_consistent();
    });
}

TEST_CASE("a writer that finds its row gone names its own file") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto id = school.add_text("worksheet", teacher);
        school.release_owner(teacher);
        auto again = stored(*school.store, "worksheet");
        std::latch deleted{1};
        std::atomic<bool> counted = false;
        std::vector<std::string> locators;
        std::jthread collector{[&] {
            locators = db.write_now([&](db::Tx& tx) {
                auto gone = blob::store::delete_unreferenced(tx, blob::store::take_loose(tx, 10));
                if (!counted.exchange(true)) deleted.count_down();
                std::this_thread::sleep_for(std::chrono::milliseconds{150});
                return gone;
            });
        }};
        deleted.wait();
        auto named = school.add_stored(again, pupil);
        collector.join();
        CHECK(named != id);
        REQUIRE(locators.size() == 1);
        CHECK(locators.front() != again.locator);
        school.store->remove(locators.front());
        CHECK(school.found(named)->locator == again.locator);
        school.check_consistent();
    });
}

TEST_CASE("a release that runs while the collector looks is not forgotten") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        school.add_text("worksheet", teacher);
        school.add_text("worksheet", pupil);
        school.release_owner(teacher); // marked as loose, still held by the pupil
        std::latch released{1};
        std::atomic<bool> counted = false;
        std::jthread writer{[&] {
            db.write_now([&](db::Tx& tx) {
                release(tx, pupil);
                if (!counted.exchange(true)) released.count_down();
                std::this_thread::sleep_for(std::chrono::milliseconds{150});
            });
        }};
        released.wait();
        auto first = collect(db, *school.store, 10);
        writer.join();
        auto second = collect(db, *school.store, 10);
        CHECK(first + second == 1);
        CHECK(school.rows() == 0);
        CHECK(school.files().empty());
    });
}

TEST_CASE("writers, releases and the collector at once lose nothing and leave nothing") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        std::atomic<bool> ending = false;
        std::jthread collector{[&] {
            while (!ending) collect(db, *school.store, 3);
        }};
        std::vector<std::jthread> writers;
        for (std::int64_t owner = 1; owner <= 4; ++owner)
            writers.emplace_back([&school, owner] {
                for (int i = 0; i < 15; ++i) {
                    school.release_owner(owner); // four texts for four owners: shared, dropped and shared again
                    auto id = school.add_text(std::to_string(i % 4), owner);
                    auto bytes = school.found(id);
                    CHECK(bytes.has_value());
                    if (bytes) CHECK(read_text(*school.store, bytes->locator) == std::to_string(i % 4));
                }
            });
        writers.clear();
        ending = true;
        collector.join();
        school.check_consistent();
        for (std::int64_t owner = 1; owner <= 4; ++owner) school.release_owner(owner);
        while (collect(db, *school.store, 100) > 0) {
        }
        CHECK(school.rows() == 0);
        CHECK(school.files().empty());
    });
}

TEST_CASE("a sweep removes old files that no row names, and no others") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        School school{db};
        auto id = school.add_text("named", teacher);
        stored(*school.store, "lost between disk and row");
        stored(*school.store, "named"); // the same bytes under another name, which no row knows
        auto now = school.clock.now();
        CHECK(school.store->sweep(db, now) == 0); // a row may still be on its way
        CHECK(school.store->sweep(db, now + 2_days) == 2);
        CHECK(school.files() == std::vector<std::string>{school.found(id)->locator});
        CHECK(school.store->sweep(db, now + 2_days) == 0);
    });
}
