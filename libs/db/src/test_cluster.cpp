#include "db/test_cluster.hpp"

#include "base/clock.hpp"
#include "db/row.hpp"

#include <cstdlib>

#include <fmt/core.h>
#include <libpq-fe.h>
#include <map>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <vector>

namespace preau::db {
namespace {

class Connection {
public:
    explicit Connection(const std::string& text) : handle_{PQconnectdb(text.c_str())} {
        if (PQstatus(handle_) == CONNECTION_OK) return;
        const Failure failure{fmt::format("PREAU_TEST_PG: {}", PQerrorMessage(handle_))};
        PQfinish(handle_);
        throw failure;
    }
    ~Connection() { PQfinish(handle_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void run(const std::string& sql) {
        auto* result = PQexec(handle_, sql.c_str());
        const auto status = PQresultStatus(result);
        PQclear(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw Failure{PQerrorMessage(handle_)};
    }

private:
    PGconn* handle_;
};

std::string text_of_cluster() {
    const char* text = std::getenv("PREAU_TEST_PG");
    if (text && *text) return text;
    throw Failure{"PREAU_TEST_PG is not set: it holds the connection string of a PostgreSQL cluster for tests; "
                  "./do test starts one"};
}

// But for the list of migrations. Triggers and foreign keys sleep, so that no order matters.
constexpr const char* delete_all_rows = R"(
    SET client_min_messages = warning;
    DO $$ DECLARE one RECORD; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR one IN SELECT oid, relname, relkind FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'preau_migration' LOOP
            IF one.relkind = 'S' THEN EXECUTE format('ALTER SEQUENCE %I RESTART', one.relname);
            ELSE EXECUTE format('DELETE FROM %I', one.relname);
            END IF;
        END LOOP;
    END $$)";

class Cluster {
public:
    ~Cluster() {
        for (const auto& name : names_) {
            try {
                connection_.run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
            } catch (const Failure& failure) {
                fmt::print(stderr, "{} stays behind: {}", name, failure.what());
            }
        }
    }

    std::string make() {
        std::lock_guard lock{mutex_};
        auto name = fmt::format("preau_test_{}_{}_{}", ::getpid(), started_, names_.size() + 1);
        connection_.run(
            fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", name));
        names_.push_back(name);
        return fmt::format("{} dbname={}", text_, name); // the last dbname counts
    }

    // Making and dropping a database takes a second of syncs, emptying one a tenth of that.
    std::string lend() {
        if (auto free = find_free({})) return *free;
        return make();
    }
    std::string lend(const std::string& key, const std::function<void(const std::string&)>& make_tables) {
        if (auto free = find_free(key)) return *free;
        auto connection = lend();
        make_tables(connection);
        return connection;
    }
    void take_back(const std::string& database, const std::string& key) {
        Connection{database}.run(key.empty() ? "SET client_min_messages = warning; DROP SCHEMA public CASCADE;"
                                               "CREATE SCHEMA public"
                                             : delete_all_rows);
        std::lock_guard lock{mutex_};
        free_[key].push_back(database);
    }

    void end_connections(const std::string& database) {
        std::lock_guard lock{mutex_};
        const auto name = database.substr(database.rfind('=') + 1);
        connection_.run(
            fmt::format("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'", name));
    }

private:
    std::optional<std::string> find_free(const std::string& key) {
        std::lock_guard lock{mutex_};
        auto& free = free_[key];
        if (free.empty()) return std::nullopt;
        auto connection = std::move(free.back());
        free.pop_back();
        return connection;
    }

    std::string text_ = text_of_cluster();
    Connection connection_{text_};
    const long started_ = static_cast<long>(monotonic_nanoseconds()); // numbers of processes come again
    std::mutex mutex_;
    std::vector<std::string> names_;
    std::map<std::string, std::vector<std::string>> free_; // by the key of their tables
};

Cluster& cluster() {
    static Cluster only;
    return only;
}

} // namespace

LentDatabase::LentDatabase() : connection_{cluster().lend()} {}
LentDatabase::LentDatabase(const std::string& key, const std::function<void(const std::string&)>& make_tables)
    : connection_{cluster().lend(key, make_tables)}, key_{key} {}
LentDatabase::~LentDatabase() {
    try {
        cluster().take_back(connection_, key_);
    } catch (const Failure& failure) {
        fmt::print(stderr, "{} is not used again: {}", connection_, failure.what());
    }
}

std::string make_test_database() { return cluster().make(); }
void end_connections(const std::string& connection) { cluster().end_connections(connection); }

} // namespace preau::db
