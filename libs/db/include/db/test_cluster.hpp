// For tests only: empty databases on the PostgreSQL cluster that `./do test` started.
#pragma once

#include <functional>
#include <string>

namespace preau::db {

// A new empty database (UTF8, collation C) as a libpq connection string; dropped when the process ends. Throws if
// PREAU_TEST_PG is not set: a missing PostgreSQL is a failure of the tests, never a skip.
std::string make_test_database();

// The same for the length of a scope; emptied afterwards and lent again, which is faster than making another.
class LentDatabase {
public:
    LentDatabase();
    ~LentDatabase();
    LentDatabase(const LentDatabase&) = delete;
    LentDatabase& operator=(const LentDatabase&) = delete;
    const std::string& connection() const { return connection_; }

    // One whose tables `make_tables` made, once for each key, and that holds no row. Afterwards its rows are deleted and
    // the tables stay: migrating was most of what a test cost.
    LentDatabase(const std::string& key, const std::function<void(const std::string& connection)>& make_tables);

private:
    std::string connection_;
    std::string key_; // empty: given back without tables
};

// Cuts every connection to a database made by make_test_database(), as a restart of the server would.
void end_connections(const std::string& connection);

} // namespace preau::db
