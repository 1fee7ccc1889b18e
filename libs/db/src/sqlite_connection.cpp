#include "sqlite_connection.hpp"

#include "base/fault.hpp"

#include "dialect.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <mutex>
#include <sqlite3.h>

namespace preau::db {
namespace {

// Each connection belongs to one thread, and nobody reads SQLite's memory statistics, which cost a lock per allocation.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    });
}

int highest_parameter(sqlite3_stmt* statement) {
    int highest = 0;
    for (int place = 1; place <= sqlite3_bind_parameter_count(statement); ++place)
        if (const char* name = sqlite3_bind_parameter_name(statement, place))
            highest = std::max(highest, std::atoi(name + 1));
    return highest;
}

} // namespace

void throw_sqlite(sqlite3* handle, std::string_view what) {
    const int code = sqlite3_extended_errcode(handle);
    auto text = std::string{what} + ": " + sqlite3_errmsg(handle);
    if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
        text += fmt::format(" ({} is damaged: stop the server, keep a copy of the file, and restore the latest backup)",
                            sqlite3_db_filename(handle, "main"));
    if ((code & 0xff) == SQLITE_CONSTRAINT) throw ConstraintFailure{text};
    // ENOSPC at a write is SQLITE_FULL, but at growing the shared memory or at a sync it is an I/O error.
    const int system_error = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(handle) : 0;
    if ((code & 0xff) == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT) throw StorageFull{text};
    throw Failure{text};
}

SqliteConnection::SqliteConnection(const std::filesystem::path& file, Use use) {
    configure_library();
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (use == Use::Write ? SQLITE_OPEN_CREATE : 0);
    try {
        if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK)
            throw_sqlite(handle_, "opening " + file.string());
        configure(use);
        prepare_controls();
    } catch (...) {
        close();
        throw;
    }
}

SqliteConnection::~SqliteConnection() { close(); }

void SqliteConnection::close() {
    for (auto& statement : statements_) sqlite3_finalize(statement.handle);
    for (auto* control : controls_) sqlite3_finalize(control);
    sqlite3_close_v2(handle_);
    handle_ = nullptr;
}

void SqliteConnection::configure(Use use) {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 10'000); // first, for the pragmas too: the command line may be writing
    script("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;");
    if (use == Use::Read) {
        // The hot pages of a site fit; colder ones come from the system's cache. No mmap: its pages would count as
        // ours.
        script("PRAGMA query_only = ON; PRAGMA cache_size = -6144;");
        return;
    }
    enter_wal();
    script("PRAGMA cache_size = -8192;");
    // NORMAL does not sync at COMMIT in WAL mode: what was acknowledged could be lost with the power.
    script(fault("skip_fsync") ? "PRAGMA synchronous = OFF;" : "PRAGMA synchronous = FULL;");
    // Copying the log back costs two syncs: every 16 MB, and the file does not stay large after a burst.
    script("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;");
}

// Two servers that open a new file at once both turn it to WAL, which needs the file alone: SQLite then answers BUSY
// without asking the busy handler, because both hold a read lock and waiting would be for ever.
void SqliteConnection::enter_wal() {
    constexpr int pause_ms = 10;
    for (int left = 1000; left > 0; --left) {
        const int code = sqlite3_exec(handle_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        if ((code & 0xff) != SQLITE_BUSY) break;
        sqlite3_sleep(pause_ms);
    }
    throw_sqlite(handle_, "turning to WAL");
}

void SqliteConnection::prepare_controls() {
    // In the order of Control.
    for (const char* sql : {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT closure", "RELEASE closure",
                            "ROLLBACK TO closure"})
        controls_.push_back(prepare(sql, sql));
}

sqlite3_stmt* SqliteConnection::prepare(std::string_view sql, std::string_view name) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const auto length = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(handle_, sql.data(), length, SQLITE_PREPARE_PERSISTENT, &statement, &rest) != SQLITE_OK)
        throw_sqlite(handle_, name);
    const std::string_view left{rest, static_cast<std::size_t>(sql.data() + sql.size() - rest)};
    if (left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        sqlite3_finalize(statement);
        throw Failure{std::string{name} + ": a query is one statement"};
    }
    return statement;
}

SqliteStatement& SqliteConnection::statement(const Query& query) {
    if (query.slot() >= statements_.size()) statements_.resize(query.slot() + 16);
    auto& cached = statements_[query.slot()];
    if (cached.handle) return cached;
    auto* handle = prepare(query_text(query.sql(), Dialect::Sqlite), query.name());
    const int highest = highest_parameter(handle);
    for (int number = 1; number <= highest; ++number)
        cached.places.push_back(sqlite3_bind_parameter_index(handle, ("$" + std::to_string(number)).c_str()));
    cached.read_only = sqlite3_stmt_readonly(handle) != 0;
    cached.handle = handle;
    return cached;
}

void SqliteConnection::control(Control command) {
    auto* statement = controls_[static_cast<std::size_t>(command)];
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) throw_sqlite(handle_, sqlite3_sql(statement));
}

void SqliteConnection::script(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) throw_sqlite(handle_, "script");
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

} // namespace preau::db
