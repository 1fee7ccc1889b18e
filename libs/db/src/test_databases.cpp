#include "db/test_databases.hpp"

#include "db/test_cluster.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <unistd.h>

namespace preau::db {
namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "preau-test-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw Failure{"cannot make a temporary directory"};
        path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::filesystem::path next_file() {
    static TemporaryDirectory directory; // goes with the process
    static std::atomic<int> count = 0;
    return directory.path() / fmt::format("{}.db", ++count);
}

// Several test programs share the cluster.
PostgresOptions few_connections(const std::string& connection) {
    return {.connection = connection, .readers = 2, .writers = 3};
}

std::unique_ptr<Database> migrated(std::unique_ptr<Database> database, const std::vector<Migration>& migrations) {
    database->migrate(migrations);
    return database;
}

} // namespace

std::unique_ptr<Database> fresh_sqlite(const std::vector<Migration>& migrations) {
    return migrated(open_sqlite({.file = next_file()}), migrations);
}

std::unique_ptr<Database> fresh_postgres(const std::vector<Migration>& migrations) {
    return migrated(open_postgres(few_connections(make_test_database())), migrations);
}

void on_each_engine(const std::vector<Migration>& migrations, const std::function<void(Database&)>& body) {
    {
        INFO("engine: SQLite");
        auto database = fresh_sqlite(migrations);
        body(*database);
    }
    {
        INFO("engine: PostgreSQL");
        const LentDatabase lent;
        auto database = migrated(open_postgres(few_connections(lent.connection())), migrations);
        body(*database);
    }
}

} // namespace preau::db
