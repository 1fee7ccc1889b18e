// Consistent copies of all records, made while others write: what a backup is made of. All of these block, for as long
// as copying takes, and throw Failure with a sentence for the administrator.
#pragma once

#include "db/database.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace preau::db {

// Reads from exactly the state that was copied.
using Look = std::function<void(Tx&)>;

// Copies the database file page by page inside one read transaction (https://sqlite.org/backup.html): writers go on,
// their log is kept until the copy is whole. `copy` must not exist; it is synced before this returns.
void snapshot_sqlite(const std::filesystem::path& database, const std::filesystem::path& copy, const Look& look);
// Reads every page and every index. Failure: what is damaged.
void check_sqlite(const std::filesystem::path& database);

// By pg_dump (custom format), which joins the transaction that `look` reads in (pg_export_snapshot).
void snapshot_postgres(const std::string& connection, const std::filesystem::path& dump, const Look& look);
// By pg_restore, in one transaction. Failure: the database holds tables already, or what pg_restore says.
void restore_postgres(const std::string& connection, const std::filesystem::path& dump);

} // namespace preau::db
