// PostgreSQL: several writers at once. What must not run at the same time is kept apart by advisory locks on the lanes,
// taken in ascending order, which hold between processes too.
#include "dialect.hpp"
#include "engine.hpp"
#include "postgres_connection.hpp"
#include "postgres_row.hpp"
#include "postgres_tools.hpp"

#include "db/snapshot.hpp"

#include <charconv>
#include <fmt/format.h>
#include <libpq-fe.h>

namespace preau::db {
namespace {

std::int64_t changed_rows(const pg_result* result) {
    // "" for a SELECT's rows would be wrong: PQcmdTuples counts them too, SQLite answers 0.
    if (std::string_view{PQcmdStatus(const_cast<pg_result*>(result))}.starts_with("SELECT")) return 0;
    const std::string_view digits = PQcmdTuples(const_cast<pg_result*>(result));
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

// A round trip costs more than most statements, so what opens a transaction is sent with the first savepoint or query,
// and a savepoint is released by the next command.
class PostgresSession final : public Session {
public:
    explicit PostgresSession(const std::string& connection) : connection_{connection} {}

    void begin_read() override {
        connection_.connect_if_lost();
        owed_ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";
    }
    // READ COMMITTED: each statement after the locks sees what the lane's previous owner committed. A stricter level
    // would take its snapshot before it waits for the locks.
    void begin_write(std::span<const std::uint64_t> lanes) override {
        connection_.connect_if_lost();
        owed_ = "BEGIN ISOLATION LEVEL READ COMMITTED;";
        for (auto lane : lanes)
            owed_ += fmt::format("SELECT pg_advisory_xact_lock({});", static_cast<std::int64_t>(lane));
    }
    void begin_migration() override {
        connection_.connect_if_lost();
        // Two keys: a space of locks that no lane can meet. The numbers spell "prea" and "u".
        connection_.command("BEGIN; SELECT pg_advisory_xact_lock(1886545249, 117)", "BEGIN");
    }
    void commit() override {
        owed_.clear();
        if (!connection_.in_transaction()) {
            if (connection_.connected()) return;
            throw Conflict{"the connection was lost before COMMIT"};
        }
        PostgresResult result;
        try {
            result = connection_.command("COMMIT", "COMMIT");
        } catch (const Conflict& conflict) {
            if (!connection_.connected()) throw LostCommit{std::string{"lost at COMMIT: "} + conflict.what()};
            throw;
        }
        // The server answers ROLLBACK, without an error, for a transaction that had failed.
        if (std::string_view{PQcmdStatus(result.get())} != "COMMIT") throw Failure{"COMMIT was answered with ROLLBACK"};
    }
    void rollback() noexcept override {
        owed_.clear();
        if (!connection_.in_transaction()) return;
        try {
            connection_.command("ROLLBACK", "ROLLBACK");
        } catch (const Failure&) {
            connection_.disconnect(); // the server rolls back what a lost connection had begun
        }
    }
    void savepoint() override { pay_with("SAVEPOINT closure"); }
    void release_savepoint() override { owed_ = "RELEASE closure;"; }
    void rollback_to_savepoint() override {
        connection_.command("ROLLBACK TO closure; RELEASE closure", "ROLLBACK TO");
    }
    bool in_transaction() const override {
        return connection_.connected() && (!owed_.empty() || connection_.in_transaction());
    }
    void script(const std::string& sql) override {
        connection_.command(migration_text(sql, Dialect::Postgres), "script");
    }
    // Lets another connection read from the state that this transaction sees.
    std::string export_snapshot() {
        const auto result = connection_.command(std::exchange(owed_, {}) + "SELECT pg_export_snapshot()", "snapshot");
        return std::string{PostgresRow{result.get(), 0}.text(0)};
    }
    void prepare(const Query& query) override {
        connection_.connect_if_lost();
        connection_.prepare(query);
    }

private:
    void pay_with(const char* sql) { connection_.command(std::exchange(owed_, {}) + sql, sql); }

    std::int64_t execute_query(const Query& query, Arguments arguments, const Sink& sink, Rows rows) override {
        if (!owed_.empty()) connection_.command(std::exchange(owed_, {}), "BEGIN");
        arguments_.set(arguments);
        if (rows == Rows::Streamed) {
            auto visit = [&](pg_result* one) { return sink(PostgresRow{one, 0}); };
            return changed_rows(connection_.stream(query, arguments_, visit).get());
        }
        const auto result = connection_.run(query, arguments_);
        PostgresRow row{result.get(), 0};
        for (int number = 0; number < PQntuples(result.get()); ++number) {
            row.move_to(number);
            if (!sink(row)) break;
        }
        return changed_rows(result.get());
    }

    PostgresConnection connection_;
    PostgresArguments arguments_;
    std::string owed_; // SQL to be sent before the next command
};

class PostgresEngine final : public Engine {
public:
    explicit PostgresEngine(std::string connection) : connection_{std::move(connection)} { check_settings(); }
    std::string_view name() const override { return "postgres"; }
    // Both connect at their first transaction.
    std::unique_ptr<Session> open_reader() override { return std::make_unique<PostgresSession>(connection_); }
    std::unique_ptr<Session> open_writer() override { return std::make_unique<PostgresSession>(connection_); }

private:
    // Order and equality of texts must be the same on both engines: bytes. A wrong database is refused at the start.
    void check_settings() {
        PostgresConnection connection{connection_};
        connection.connect_if_lost();
        const auto result = connection.command(
            "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()",
            "settings");
        const PostgresRow row{result.get(), 0};
        const auto collation = row.text(1);
        if (row.text(0) != "UTF8" || (collation != "C" && collation != "POSIX" && collation != "C.UTF-8"))
            throw Failure{
                fmt::format("the PostgreSQL database has encoding {} and collation {}: make it with "
                            "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
                            row.text(0), collation)};
    }
    std::string connection_;
};

} // namespace

std::unique_ptr<Database> open_postgres(const PostgresOptions& options) {
    return std::make_unique<EngineDatabase>(
        std::make_unique<PostgresEngine>(options.connection),
        EngineThreads{.readers = std::max(options.readers, 1), .writers = std::max(options.writers, 1)},
        QueueLimits{options.queue_limit, options.queue_deadline});
}

void snapshot_postgres(const std::string& connection, const std::filesystem::path& dump, const Look& look) {
    PostgresSession session{connection};
    session.begin_read();
    const auto snapshot = session.export_snapshot();
    run_postgres_tool(
        "pg_dump",
        {"--format=custom", "--no-owner", "--no-privileges", "--snapshot=" + snapshot, "--file=" + dump.string()},
        connection);
    session.start_closure();
    look(session);
    session.rollback();
}

void restore_postgres(const std::string& connection, const std::filesystem::path& dump) {
    PostgresConnection target{connection};
    target.connect_if_lost();
    const auto tables = target.command("SELECT tablename FROM pg_tables WHERE schemaname = 'public' LIMIT 1", "tables");
    if (PQntuples(tables.get()) > 0) throw Failure{"the PostgreSQL database is not empty: name a new one"};
    run_postgres_tool(
        "pg_restore",
        {"--dbname=", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", dump.string()},
        connection);
}

} // namespace preau::db
