#include "migration_store.hpp"

namespace preau::db::store {
namespace {
const Query digest_sql{"db.digest_of_migration", R"(
    SELECT digest FROM preau_migration WHERE name = $1)"};

const Query applied_sql{"db.applied_migrations", "SELECT name FROM preau_migration ORDER BY name"};

const Query insert_sql{"db.insert_migration", R"(
    INSERT INTO preau_migration (name, digest) VALUES ($1, $2))"};
} // namespace

const std::string_view migration_table = R"(
-- Which migrations were applied, and the SHA-256 of their text, so that an edited one is noticed.
CREATE TABLE IF NOT EXISTS preau_migration (
    name   TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL
) $STRICT;
)";

std::vector<std::string> applied_migrations(Tx& tx) { return tx.all<std::string>(applied_sql, {}); }

std::optional<std::string> digest_of_migration(Tx& tx, std::string_view name) {
    return tx.one<std::string>(digest_sql, {name});
}

void insert_migration(Tx& tx, std::string_view name, std::string_view digest) {
    tx.execute(insert_sql, {name, digest});
}

} // namespace preau::db::store
