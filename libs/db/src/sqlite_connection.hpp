// A SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once

#include "db/database.hpp"

#include <filesystem>

struct sqlite3;
struct sqlite3_stmt;

namespace preau::db {

// Answers the text of SQLite as the failure that fits: ConstraintFailure, StorageFull or Failure.
[[noreturn]] void throw_sqlite(sqlite3* handle, std::string_view what);

struct SqliteStatement {
    sqlite3_stmt* handle = nullptr;
    std::vector<int> places; // SQLite's number of the parameter $1, $2, …; 0 if the text does not name it
    bool read_only = false;
};

class SqliteConnection {
public:
    enum class Use { Read, Write };
    enum class Control { Begin, BeginImmediate, Commit, Rollback, Savepoint, Release, RollbackToSavepoint };

    SqliteConnection(const std::filesystem::path& file, Use use);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    sqlite3* handle() const { return handle_; }
    SqliteStatement& statement(const Query& query); // prepared at its first use
    void control(Control command);
    void script(const std::string& sql);
    bool in_transaction() const;

private:
    void configure(Use use);
    void enter_wal();
    void prepare_controls();
    sqlite3_stmt* prepare(std::string_view sql, std::string_view name);
    void close();

    sqlite3* handle_ = nullptr;
    std::vector<SqliteStatement> statements_; // by Query::slot()
    std::vector<sqlite3_stmt*> controls_;     // by Control
};

} // namespace preau::db
