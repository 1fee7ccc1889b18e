#include "dialect.hpp"

#include "db/row.hpp"

#include <doctest/doctest.h>

using namespace preau::db;

TEST_CASE("a list parameter becomes what each engine understands") {
    const std::string_view sql = "SELECT id FROM item WHERE parent $IDS(1) AND kind = $2";
    CHECK(query_text(sql, Dialect::Sqlite) ==
          "SELECT id FROM item WHERE parent IN (SELECT value FROM json_each($1)) AND kind = $2");
    CHECK(query_text(sql, Dialect::Postgres) ==
          "SELECT id FROM item WHERE parent = ANY (CAST($1 AS BIGINT[])) AND kind = $2");
}

TEST_CASE("rows are skipped when locked only where rows can be locked") {
    CHECK(query_text("SELECT id FROM job $SKIP_LOCKED", Dialect::Sqlite) == "SELECT id FROM job ");
    CHECK(query_text("SELECT id FROM job $SKIP_LOCKED", Dialect::Postgres) ==
          "SELECT id FROM job FOR UPDATE SKIP LOCKED");
}

TEST_CASE("the words of a migration") {
    const std::string_view sql = "CREATE TABLE t (id $ID, a $INT NOT NULL, b $BYTES, c $REAL) $STRICT;";
    CHECK(migration_text(sql, Dialect::Sqlite) ==
          "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b BLOB, c REAL) STRICT;");
    CHECK(migration_text(sql, Dialect::Postgres) ==
          "CREATE TABLE t (id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BYTEA, c DOUBLE PRECISION) ;");
}

TEST_CASE("a table that is nothing but its key is kept once") {
    CHECK(migration_text("CREATE TABLE t (a $INT) $KEYED;", Dialect::Sqlite) ==
          "CREATE TABLE t (a INTEGER) STRICT, WITHOUT ROWID;");
    CHECK(migration_text("CREATE TABLE t (a $INT) $KEYED;", Dialect::Postgres) == "CREATE TABLE t (a BIGINT) ;");
}

TEST_CASE("an id column that says more than $ID is taken at its word") {
    CHECK(migration_text("id $ID PRIMARY KEY", Dialect::Sqlite) == "id INTEGER PRIMARY KEY");
    CHECK(migration_text("a $ID NOT NULL,", Dialect::Postgres) == "a BIGINT NOT NULL,");
}

TEST_CASE("comments and quoted texts are left alone") {
    CHECK(migration_text("-- $ID is a word\na $INT", Dialect::Sqlite) == "-- $ID is a word\na INTEGER");
    CHECK(query_text("SELECT '$IDS', $1", Dialect::Sqlite) == "SELECT '$IDS', $1");
}

TEST_CASE("a word that nobody knows is an error, not SQL") {
    CHECK_THROWS_AS(query_text("SELECT $NOW", Dialect::Sqlite), Failure);
    CHECK_THROWS_AS(query_text("SELECT a $IDS", Dialect::Postgres), Failure);
    CHECK_THROWS_AS(migration_text("a $BIGINT", Dialect::Sqlite), Failure);
}
