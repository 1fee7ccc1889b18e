#pragma once

#include "db/database.hpp"

namespace preau::db::store {

extern const std::string_view migration_table; // makes the table if there is none
std::vector<std::string> applied_migrations(Tx& tx);
std::optional<std::string> digest_of_migration(Tx& tx, std::string_view name);
void insert_migration(Tx& tx, std::string_view name, std::string_view digest);

} // namespace preau::db::store
