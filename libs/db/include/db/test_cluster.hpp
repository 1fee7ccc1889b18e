// For tests only: empty databases on the PostgreSQL cluster that `./do test` started.
#pragma once

#include <string>

namespace preau::db {

// A new empty database (UTF8, collation C) as a libpq connection string; dropped when the process ends. Throws if
// PREAU_TEST_PG is not set: a missing PostgreSQL is a failure of the tests, never a skip.
std::string make_test_database();

} // namespace preau::db
