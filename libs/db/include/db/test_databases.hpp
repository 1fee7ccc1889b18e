// For tests only: a fresh database on each engine. PostgreSQL is the cluster that `./do test` started (PREAU_TEST_PG);
// a missing one is a failure, never a skip.
//
//   TEST_CASE("…") { db::on_each_engine(migrations, [](db::Database& db) { … }); }
#pragma once

#include "db/database.hpp"

#include <functional>

namespace preau::db {

// Runs `body` on a new SQLite file and on a new PostgreSQL database, both migrated, both removed afterwards. Wraps each
// in a doctest subcase-like message naming the engine.
void on_each_engine(const std::vector<Migration>& migrations, const std::function<void(Database&)>& body);
std::unique_ptr<Database>
fresh_sqlite(const std::vector<Migration>& migrations); // file removed at destruction of the process
std::unique_ptr<Database> fresh_postgres(const std::vector<Migration>& migrations);

} // namespace preau::db
