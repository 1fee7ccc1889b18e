#include "db/test_databases.hpp"

#include "base/secret.hpp"
#include "db/test_cluster.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
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

// Empty for none: such a test makes its tables itself.
std::string key_of(const std::vector<Migration>& migrations) {
    if (migrations.empty()) return {};
    std::string all;
    for (const auto& migration : migrations) all += migration.name + '\0' + migration.sql + '\0';
    return sha256(all);
}

// Migrated once for each set of migrations, then copied: most of what a test of an app did was to migrate.
std::unique_ptr<Database> copied_sqlite(const std::vector<Migration>& migrations) {
    static std::mutex mutex;
    static std::map<std::string, std::filesystem::path> originals;
    auto file = next_file();
    {
        std::lock_guard lock{mutex};
        auto& original = originals[key_of(migrations)];
        if (original.empty()) {
            auto made = next_file();
            migrated(open_sqlite({.file = made}), migrations); // closed at once: its log is in the file then
            original = made;
        }
        std::filesystem::copy_file(original, file);
    }
    return migrated(open_sqlite({.file = file}), migrations);
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
        auto database = copied_sqlite(migrations);
        body(*database);
    }
    {
        INFO("engine: PostgreSQL");
        const LentDatabase lent{key_of(migrations), [&](const std::string& empty) {
                                    migrated(open_postgres(few_connections(empty)), migrations);
                                }};
        auto database = migrated(open_postgres(few_connections(lent.connection())), migrations);
        body(*database);
    }
}

} // namespace preau::db
