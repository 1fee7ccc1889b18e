// SQLite in WAL mode: one writer, so a batch needs no locks of its own, and readers that never wait for it.
#include "base/assert.hpp"
#include "dialect.hpp"
#include "engine.hpp"
#include "sqlite_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace preau::db {
namespace {

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_{statement} {}
    int columns() const override { return sqlite3_column_count(statement_); }
    std::string_view name(int column) const override { return sqlite3_column_name(statement_, column); }
    bool null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    std::string_view text(int column) const override {
        // Asking for the text of a BLOB would convert it in place.
        if (sqlite3_column_type(statement_, column) == SQLITE_BLOB) return bytes(column);
        auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return view(data, column);
    }
    std::string_view bytes(int column) const override {
        return view(static_cast<const char*>(sqlite3_column_blob(statement_, column)), column);
    }

private:
    std::string_view view(const char* data, int column) const {
        return data ? std::string_view{data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))}
                    : std::string_view{};
    }
    sqlite3_stmt* statement_;
};

std::string json_list(std::span<const std::int64_t> ids) {
    fmt::memory_buffer text;
    text.push_back('[');
    for (auto id : ids) fmt::format_to(std::back_inserter(text), "{}{}", text.size() > 1 ? "," : "", id);
    text.push_back(']');
    return fmt::to_string(text);
}

// Text and bytes are bound in place: the caller's arguments outlive the statement's run, which resets it at the end.
struct Binder {
    sqlite3_stmt* statement;
    int place;

    // A null pointer would bind NULL, and an empty view may hold one.
    static const char* data(std::string_view text) { return text.data() ? text.data() : ""; }
    int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, place); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, place, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, place, number); }
    int operator()(std::string_view text) const {
        return sqlite3_bind_text64(statement, place, data(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(Bytes bytes) const {
        return sqlite3_bind_blob64(statement, place, data(bytes.data), bytes.data.size(), SQLITE_STATIC);
    }
    int operator()(Ids ids) const {
        const auto list = json_list(ids.values);
        return sqlite3_bind_text64(statement, place, list.data(), list.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
};

class ResetAtEnd {
public:
    explicit ResetAtEnd(sqlite3_stmt* statement) : statement_{statement} {}
    ~ResetAtEnd() { sqlite3_reset(statement_); }
    ResetAtEnd(const ResetAtEnd&) = delete;
    ResetAtEnd& operator=(const ResetAtEnd&) = delete;

private:
    sqlite3_stmt* statement_;
};

class SqliteSession final : public Session {
    using Control = SqliteConnection::Control;

public:
    SqliteSession(const std::filesystem::path& file, SqliteConnection::Use use) : connection_{file, use} {}

    void begin_read() override { connection_.control(Control::Begin); }
    // Immediate: a transaction that upgrades from reading could find its snapshot stale.
    void begin_write(std::span<const std::uint64_t>) override { connection_.control(Control::BeginImmediate); }
    void begin_migration() override { connection_.control(Control::BeginImmediate); }
    void commit() override {
        try {
            connection_.control(Control::Commit);
        } catch (...) {
            rollback();
            throw;
        }
    }
    void rollback() noexcept override {
        if (!in_transaction()) return;
        try {
            connection_.control(Control::Rollback);
        } catch (const Failure&) {
            // A failed ROLLBACK means that SQLite had already rolled back by itself.
        }
    }
    void savepoint() override { connection_.control(Control::Savepoint); }
    void release_savepoint() override { connection_.control(Control::Release); }
    void rollback_to_savepoint() override {
        connection_.control(Control::RollbackToSavepoint);
        connection_.control(Control::Release);
    }
    bool in_transaction() const override { return connection_.in_transaction(); }
    void script(const std::string& sql) override { connection_.script(migration_text(sql, Dialect::Sqlite)); }
    void prepare(const Query& query) override { connection_.statement(query); }

private:
    std::int64_t execute_query(const Query& query, Arguments arguments, const Sink& sink, Rows) override {
        auto& statement = connection_.statement(query);
        PREAU_ASSERT(!sqlite3_stmt_busy(statement.handle)); // a query inside its own `each`
        bind(statement, query, arguments);
        ResetAtEnd reset{statement.handle};
        const SqliteRow row{statement.handle};
        bool wanted = true;
        int code = SQLITE_ROW;
        // A statement that writes runs to its end even if nobody wants its rows: only then its changes are counted.
        while ((wanted || !statement.read_only) && (code = sqlite3_step(statement.handle)) == SQLITE_ROW)
            wanted = wanted && sink(row);
        if (code != SQLITE_ROW && code != SQLITE_DONE) throw_sqlite(connection_.handle(), query.name());
        return statement.read_only ? 0 : sqlite3_changes64(connection_.handle());
    }

    void bind(const SqliteStatement& statement, const Query& query, Arguments arguments) {
        if (arguments.size() != statement.places.size())
            throw Failure{fmt::format("{}: {} arguments for {} parameters", query.name(), arguments.size(),
                                      statement.places.size())};
        auto place = statement.places.begin();
        for (const auto& argument : arguments) {
            const int index = *place++;
            if (index != 0 && std::visit(Binder{statement.handle, index}, argument.variant()) != SQLITE_OK)
                throw_sqlite(connection_.handle(), query.name());
        }
    }

    SqliteConnection connection_;
};

class SqliteEngine final : public Engine {
public:
    explicit SqliteEngine(std::filesystem::path file) : file_{std::move(file)} {}
    std::string_view name() const override { return "sqlite"; }
    std::unique_ptr<Session> open_reader() override {
        return std::make_unique<SqliteSession>(file_, SqliteConnection::Use::Read);
    }
    std::unique_ptr<Session> open_writer() override {
        return std::make_unique<SqliteSession>(file_, SqliteConnection::Use::Write);
    }

private:
    std::filesystem::path file_;
};

} // namespace

std::unique_ptr<Database> open_sqlite(const SqliteOptions& options) {
    return std::make_unique<EngineDatabase>(std::make_unique<SqliteEngine>(options.file),
                                            EngineThreads{.readers = std::max(options.readers, 1), .writers = 1},
                                            QueueLimits{options.queue_limit, options.queue_deadline});
}

} // namespace preau::db
