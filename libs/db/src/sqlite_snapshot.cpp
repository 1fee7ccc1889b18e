#include "db/snapshot.hpp"

#include "sqlite_connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace preau::db {
namespace {

class Copying {
public:
    Copying(sqlite3* from, sqlite3* to) : to_{to}, handle_{sqlite3_backup_init(to, "main", from, "main")} {
        if (!handle_) throw_sqlite(to, "copying the database");
    }
    ~Copying() { sqlite3_backup_finish(handle_); }
    Copying(const Copying&) = delete;
    Copying& operator=(const Copying&) = delete;
    // All pages in one step: between two steps a writer would make it begin again.
    void run() {
        if (sqlite3_backup_step(handle_, -1) != SQLITE_DONE) throw_sqlite(to_, "copying the database");
    }

private:
    sqlite3* to_;
    sqlite3_backup* handle_;
};

void sync_file(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw Failure{fmt::format("{} cannot be synced to the disk", path.string())};
}

} // namespace

void snapshot_sqlite(const std::filesystem::path& database, const std::filesystem::path& copy, const Look& look) {
    if (std::filesystem::exists(copy)) throw Failure{copy.string() + " is there already"};
    {
        SqliteConnection from{database, SqliteConnection::Use::Read};
        SqliteConnection to{copy, SqliteConnection::Use::Write};
        Copying{from.handle(), to.handle()}.run();
    }
    open_sqlite({.file = copy, .readers = 1})->read_now([&look](Tx& tx) { look(tx); });
    // A copy that lies in a backup is one file, also while it is read.
    SqliteConnection{copy, SqliteConnection::Use::Write}.script("PRAGMA journal_mode = DELETE");
    sync_file(copy);
}

void check_sqlite(const std::filesystem::path& database) {
    SqliteConnection connection{database, SqliteConnection::Use::Read};
    std::string problem;
    auto note = [](void* into, int, char** values, char**) {
        if (std::string_view{values[0]} != "ok") *static_cast<std::string*>(into) += std::string{values[0]} + "; ";
        return 0;
    };
    if (sqlite3_exec(connection.handle(), "PRAGMA integrity_check(10)", note, &problem, nullptr) != SQLITE_OK)
        throw_sqlite(connection.handle(), "checking " + database.string());
    if (!problem.empty()) throw Failure{fmt::format("{} is damaged: {}", database.string(), problem)};
}

} // namespace preau::db
