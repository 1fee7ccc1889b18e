// The few words that differ between SQLite and PostgreSQL, rewritten once per engine.
#pragma once

#include <string>
#include <string_view>

namespace preau::db {

enum class Dialect { Sqlite, Postgres };

// $IDS(n), $SKIP_LOCKED and $SETTLED. Throws Failure for a word that it does not know.
std::string query_text(std::string_view sql, Dialect dialect);

// $ID $INT $BYTES $REAL $STRICT $SERIAL $TRANSACTION. A column that says `$ID` and nothing else is the primary key.
std::string migration_text(std::string_view sql, Dialect dialect);

} // namespace preau::db
