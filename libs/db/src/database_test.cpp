#include "db/test_databases.hpp"

#include <doctest/doctest.h>

using namespace preau;

TEST_CASE("smoke") {
    auto db = db::fresh_sqlite({{"t/1.sql", "CREATE TABLE t (id $ID, a TEXT) $STRICT;\n"}});
    static const db::Query ins{"t.ins", "INSERT INTO t (id, a) VALUES ($1, $2)"};
    static const db::Query sel{"t.sel", "SELECT a FROM t WHERE id = $1"};
    db->write_now([](db::Tx& tx) { tx.execute(ins, {1, "x"}); });
    CHECK(db->read_now([](db::Tx& tx) { return tx.one<std::string>(sel, {1}); }) == "x");
}
