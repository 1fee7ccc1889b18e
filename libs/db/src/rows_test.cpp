#include "test_rows.hpp"

#include "db/checks.hpp"

#include <doctest/doctest.h>

using namespace preau;
using namespace preau::db::testing;
using namespace std::string_literals;

namespace {

const db::Query null_sql{"test.null", "SELECT CAST($1 AS BIGINT)"};
const db::Query titles_in_sql{"test.titles_in", "SELECT title FROM note WHERE id $IDS(1) ORDER BY title"};
const db::Query order_sql{"test.order", "SELECT title FROM note ORDER BY title"};
const db::Query truth_sql{"test.truth", "SELECT EXISTS (SELECT 1 FROM note WHERE id = $1)"};
const db::Query sum_sql{"test.sum", "SELECT sum(size) FROM note"};
const db::Query returning_sql{"test.returning", "UPDATE note SET mood = $1 WHERE id >= $2 RETURNING id"};
const db::Query reused_sql{"test.reused", "SELECT CAST($2 AS TEXT) FROM note WHERE id = $1 OR id = $1 + $3"};
const db::Query tag_sql{"test.insert_tag", "INSERT INTO tag (note, name) VALUES ($1, $2)"};

struct Wrong {
    std::int64_t absent = 0;
};
PREAU_DESCRIBE(Wrong, absent)

Note full_note() {
    return {.id = NoteId{7},
            .title = "Été à l'école « 6ᵉB » 🎒",
            .text = "",
            .bytes = "\0\xff'\\x\0"s,
            .size = -9'000'000'000,
            .weight = 0.1,
            .closed = true,
            .mood = Mood::Loud};
}

} // namespace

TEST_CASE("what goes in comes out: text, bytes with NULs, numbers, enums, optionals") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) { insert_note(tx, full_note()); });
        auto note = db.read_now([](db::Tx& tx) { return find_note(tx, NoteId{7}); });
        REQUIRE(note);
        CHECK(note->title == full_note().title);
        CHECK(note->text == "");
        CHECK(note->bytes == full_note().bytes);
        CHECK(note->size == -9'000'000'000);
        CHECK(note->weight == 0.1);
        CHECK(note->closed);
        CHECK(note->mood == Mood::Loud);
    });
}

TEST_CASE("nothing is not empty") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) { insert_note(tx, {.id = NoteId{1}, .title = "t"}); });
        auto note = db.read_now([](db::Tx& tx) { return find_note(tx, NoteId{1}); });
        REQUIRE(note);
        CHECK_FALSE(note->text);
        CHECK_FALSE(note->size);
        CHECK(note->bytes.empty());
        CHECK_FALSE(db.read_now([](db::Tx& tx) { return find_note(tx, NoteId{2}); }));
        CHECK_FALSE(db.read_now([](db::Tx& tx) { return *tx.one<std::optional<std::int64_t>>(null_sql, {nullptr}); }));
        // An empty text is no NULL even when its view points nowhere.
        CHECK_NOTHROW(db.write_now([](db::Tx& tx) { insert_note(tx, {.id = NoteId{3}, .title = ""}); }));
    });
}

TEST_CASE("a list of ids is one parameter, and may be empty") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) {
            for (std::int64_t id : {1, 2, 3}) insert_note(tx, {.id = NoteId{id}, .title = std::to_string(id)});
        });
        auto titles = [&db](std::vector<std::int64_t> ids) {
            return db.read_now([ids](db::Tx& tx) { return tx.all<std::string>(titles_in_sql, {db::Ids{ids}}); });
        };
        CHECK(titles({3, 1, 99, -5}) == std::vector<std::string>{"1", "3"});
        CHECK(titles({}).empty());
    });
}

TEST_CASE("texts are ordered by their bytes on both engines") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) {
            std::int64_t id = 0;
            for (const char* title : {"é", "a", "Z", "z"}) insert_note(tx, {.id = NoteId{++id}, .title = title});
        });
        CHECK(db.read_now([](db::Tx& tx) { return tx.all<std::string>(order_sql, {}); }) ==
              std::vector<std::string>{"Z", "a", "z", "é"});
    });
}

TEST_CASE("conditions and sums read as numbers, parameters in any order") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) {
            insert_note(tx, {.id = NoteId{1}, .title = "t", .size = 40});
            insert_note(tx, {.id = NoteId{2}, .title = "t", .size = 2});
        });
        CHECK(db.read_now([](db::Tx& tx) { return *tx.one<bool>(truth_sql, {1}); }));
        CHECK_FALSE(db.read_now([](db::Tx& tx) { return *tx.one<bool>(truth_sql, {9}); }));
        CHECK(db.read_now([](db::Tx& tx) { return *tx.one<std::int64_t>(sum_sql, {}); }) == 42);
        CHECK(db.read_now([](db::Tx& tx) { return tx.all<std::string>(reused_sql, {1, "x", 1}); }) ==
              std::vector<std::string>{"x", "x"});
    });
}

TEST_CASE("changed rows are counted, read rows are not") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) {
            for (std::int64_t id : {1, 2, 3}) insert_id(tx, id);
            CHECK(close_note(tx, NoteId{1}));
            CHECK_FALSE(close_note(tx, NoteId{1}));
            CHECK(tx.execute(titles_in_sql, {db::Ids{}}) == 0);
            CHECK(tx.one<std::int64_t>(returning_sql, {Mood::Loud, 2}) == 2);
        });
        // Asking for one row of RETURNING changed all of them.
        CHECK(db.read_now([](db::Tx& tx) { return find_note(tx, NoteId{3}); })->mood == Mood::Loud);
    });
}

TEST_CASE("a large result is visited row by row, and may be left in the middle") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) {
            for (std::int64_t id = 1; id <= 500; ++id) insert_note(tx, {.id = NoteId{id}, .title = std::to_string(id)});
        });
        auto visited = db.read_now([](db::Tx& tx) {
            int count = 0;
            tx.each(order_sql, {}, [&](const db::Row& row) { count += row.text(0).empty() ? 0 : 1; });
            return count;
        });
        CHECK(visited == 500);
        struct Enough {};
        auto leave = [](db::Tx& tx) { tx.each(order_sql, {}, [](const db::Row&) { throw Enough{}; }); };
        CHECK_THROWS_AS(db.read_now(leave), Enough);
        CHECK(db.read_now([](db::Tx& tx) { return count_notes(tx); }) == 500); // the connection is of use still
    });
}

TEST_CASE("constraints answer ConstraintFailure") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        db.write_now([](db::Tx& tx) { insert_id(tx, 1); });
        CHECK_THROWS_AS(db.write_now([](db::Tx& tx) { insert_id(tx, 1); }), db::ConstraintFailure);
        CHECK_THROWS_AS(
            db.write_now([](db::Tx& tx) { insert_note(tx, {.id = NoteId{2}, .title = std::string(201, 'x')}); }),
            db::ConstraintFailure);
        CHECK_THROWS_AS(db.write_now([](db::Tx& tx) { tx.execute(tag_sql, {99, "x"}); }), db::ConstraintFailure);
        CHECK_THROWS_AS(db.write_now([](db::Tx& tx) { tx.execute(tag_sql, {1, nullptr}); }), db::ConstraintFailure);
        CHECK(db.read_now([](db::Tx& tx) { return note_ids(tx); }) == std::vector<std::int64_t>{1});
    });
}

TEST_CASE("mistakes in a store are failures that name the query") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        CHECK_THROWS_AS(db.read_now([](db::Tx& tx) { return tx.all<std::string>(titles_in_sql, {}); }), db::Failure);
        CHECK_THROWS_AS(db.read_now([](db::Tx& tx) { return tx.all<Wrong>(truth_sql, {1}); }), db::Failure);
        CHECK_THROWS_WITH_AS(db.read_now([](db::Tx& tx) { insert_id(tx, 1); }), doctest::Contains("test.insert_note"),
                             db::Failure); // a read may not write
    });
}

TEST_CASE("queries are counted per closure") {
    db::on_each_engine(note_migrations(), [](db::Database& db) {
        for (int round = 0; round < 2; ++round)
            db.read_now([](db::Tx& tx) {
                CHECK(tx.query_count() == 0);
                CHECK_QUERIES(tx, 2, count_notes(tx); note_ids(tx));
                CHECK(tx.query_count() == 2);
            });
    });
}

TEST_CASE("every registered query can be prepared") {
    db::on_each_engine(note_migrations(), [](db::Database& db) { CHECK_NOTHROW(db.prepare_all()); });
}

TEST_CASE("a query that cannot be prepared is named") {
    db::on_each_engine({}, [](db::Database& db) { // no tables at all
        CHECK_THROWS_WITH_AS(db.prepare_all(), doctest::Contains("test."), db::Failure);
    });
}
