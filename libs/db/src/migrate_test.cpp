#include "test_rows.hpp"

#include "db/test_cluster.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <unistd.h>

using namespace preau;
using namespace preau::db::testing;

namespace {
const db::Query applied_sql{"test.applied", "SELECT name FROM preau_migration ORDER BY name"};

std::vector<std::string> applied(db::Database& db) {
    return db.read_now([](db::Tx& tx) { return tx.all<std::string>(applied_sql, {}); });
}
} // namespace

TEST_CASE("migrations are applied once, and new ones later") {
    auto migrations = note_migrations();
    db::on_each_engine({migrations[0]}, [&](db::Database& db) {
        db.write_now([](db::Tx& tx) { insert_id(tx, 1); });
        db.migrate(migrations);
        db.migrate(migrations);
        CHECK(applied(db) == std::vector<std::string>{"test/0001_notes.sql", "test/0002_tags.sql"});
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 1);
    });
}

TEST_CASE("an applied migration whose text changed is an error that says so") {
    auto migrations = note_migrations();
    db::on_each_engine(migrations, [&](db::Database& db) {
        auto edited = migrations;
        edited[0].sql += "-- harmless?\n";
        CHECK_THROWS_WITH_AS(db.migrate(edited), doctest::Contains("test/0001_notes.sql was applied with another text"),
                             db::Failure);
        CHECK_NOTHROW(db.migrate(migrations));
    });
}

TEST_CASE("a database of a newer version is left alone") {
    auto migrations = note_migrations();
    db::on_each_engine(migrations, [&](db::Database& db) {
        std::vector<db::Migration> older{migrations[0]};
        CHECK_THROWS_WITH_AS(db.migrate(older), doctest::Contains("newer version"), db::Failure);
        CHECK_NOTHROW(db.migrate(migrations));
        db.write_now([](db::Tx& tx) { insert_id(tx, 1); });
    });
}

TEST_CASE("a migration that fails leaves nothing of itself, and what came before it") {
    db::on_each_engine({}, [](db::Database& db) {
        auto migrations = note_migrations();
        migrations.push_back(
            {"test/0003_broken.sql", "CREATE TABLE half (id $ID) $STRICT;\nINSERT INTO absent VALUES (1);\n"});
        CHECK_THROWS_WITH_AS(db.migrate(migrations), doctest::Contains("test/0003_broken.sql"), db::Failure);
        CHECK(applied(db).size() == 2);
        migrations.back().sql = "CREATE TABLE half (id $ID) $STRICT;\n"; // never applied, so it may still be mended
        CHECK_NOTHROW(db.migrate(migrations));
    });
}

TEST_CASE("servers that start at the same time wait for each other") {
    auto file = std::filesystem::temp_directory_path() / ("preau-migrate-" + std::to_string(::getpid()) + ".db");
    auto connection = db::make_test_database();
    for (bool sqlite : {true, false}) {
        CAPTURE(sqlite);
        std::vector<std::future<std::size_t>> servers;
        for (int server = 0; server < 4; ++server)
            servers.push_back(std::async(std::launch::async, [&] {
                auto database = sqlite ? db::open_sqlite({.file = file, .readers = 1})
                                       : db::open_postgres({.connection = connection, .readers = 1, .writers = 1});
                database->migrate(note_migrations());
                return applied(*database).size();
            }));
        for (auto& server : servers) CHECK(server.get() == 2);
    }
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
}

TEST_CASE("a damaged file is named, with what to do") {
    auto file = std::filesystem::temp_directory_path() / ("preau-damaged-" + std::to_string(::getpid()) + ".db");
    std::ofstream{file} << std::string(8192, 'x');
    auto open = [&] { db::open_sqlite({.file = file, .readers = 1})->migrate(note_migrations()); };
    CHECK_THROWS_WITH_AS(open(), doctest::Contains((file.string() + " is damaged").c_str()), db::Failure);
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
}
