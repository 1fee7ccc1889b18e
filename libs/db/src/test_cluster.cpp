#include "db/test_cluster.hpp"

#include "db/row.hpp"

#include <atomic>
#include <cstdlib>
#include <fmt/core.h>
#include <libpq-fe.h>
#include <mutex>
#include <unistd.h>
#include <vector>

namespace preau::db {
namespace {

class Cluster {
public:
    Cluster() {
        const char* text = std::getenv("PREAU_TEST_PG");
        if (!text || !*text)
            throw Failure{"PREAU_TEST_PG is not set: it holds the connection string of a PostgreSQL cluster for tests; "
                          "./do test starts one"};
        connection_text_ = text;
        handle_ = PQconnectdb(text);
        if (PQstatus(handle_) != CONNECTION_OK) {
            const Failure failure{fmt::format("PREAU_TEST_PG: {}", PQerrorMessage(handle_))};
            PQfinish(handle_);
            throw failure;
        }
    }
    ~Cluster() {
        for (const auto& name : names_) run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
        PQfinish(handle_);
    }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    std::string make() {
        std::lock_guard lock{mutex_};
        auto name = fmt::format("preau_test_{}_{}", ::getpid(), names_.size() + 1);
        run(fmt::format("DROP DATABASE IF EXISTS {}", name)); // of a killed process that had the same number
        const auto error = run(fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
                                           "LC_COLLATE 'C' LC_CTYPE 'C'",
                                           name));
        if (!error.empty()) throw Failure{"CREATE DATABASE: " + error};
        names_.push_back(name);
        return fmt::format("{} dbname={}", connection_text_, name); // the last dbname counts
    }

private:
    std::string run(const std::string& sql) {
        auto* result = PQexec(handle_, sql.c_str());
        std::string error = PQresultStatus(result) == PGRES_COMMAND_OK ? "" : PQerrorMessage(handle_);
        PQclear(result);
        return error;
    }
    std::string connection_text_;
    PGconn* handle_ = nullptr;
    std::mutex mutex_;
    std::vector<std::string> names_;
};

} // namespace

std::string make_test_database() {
    static Cluster cluster;
    return cluster.make();
}

} // namespace preau::db
