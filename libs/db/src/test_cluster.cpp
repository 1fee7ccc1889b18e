#include "db/test_cluster.hpp"

#include "base/clock.hpp"
#include "db/row.hpp"

#include <cstdlib>

#include <fmt/core.h>
#include <libpq-fe.h>
#include <mutex>
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
        {
            std::lock_guard lock{mutex_};
            if (!free_.empty()) {
                auto connection = free_.back();
                free_.pop_back();
                return connection;
            }
        }
        return make();
    }
    void take_back(const std::string& database) {
        Connection{database}.run("SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        std::lock_guard lock{mutex_};
        free_.push_back(database);
    }

    void end_connections(const std::string& database) {
        std::lock_guard lock{mutex_};
        const auto name = database.substr(database.rfind('=') + 1);
        connection_.run(
            fmt::format("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'", name));
    }

private:
    std::string text_ = text_of_cluster();
    Connection connection_{text_};
    const long started_ = static_cast<long>(monotonic_nanoseconds()); // numbers of processes come again
    std::mutex mutex_;
    std::vector<std::string> names_;
    std::vector<std::string> free_;
};

Cluster& cluster() {
    static Cluster only;
    return only;
}

} // namespace

LentDatabase::LentDatabase() : connection_{cluster().lend()} {}
LentDatabase::~LentDatabase() {
    try {
        cluster().take_back(connection_);
    } catch (const Failure& failure) {
        fmt::print(stderr, "{} is not used again: {}", connection_, failure.what());
    }
}

std::string make_test_database() { return cluster().make(); }
void end_connections(const std::string& connection) { cluster().end_connections(connection); }

} // namespace preau::db
