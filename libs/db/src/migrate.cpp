#include "migrate.hpp"

#include "base/log.hpp"
#include "base/secret.hpp"
#include "migration_store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace preau::db {
namespace {

std::string hex(std::string_view bytes) {
    std::string text;
    for (char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

void apply_one(Session& session, const Migration& migration) {
    const auto digest = hex(sha256(migration.sql));
    session.start_closure();
    session.begin_migration();
    if (auto applied = store::digest_of_migration(session, migration.name)) {
        if (*applied != digest)
            throw Failure{"migration " + migration.name +
                          " was applied with another text: leave applied migrations as they are and add a new one"};
        session.rollback();
        return;
    }
    try {
        session.script(migration.sql);
    } catch (const Failure& failure) {
        throw Failure{"migration " + migration.name + ": " + failure.what()};
    }
    store::insert_migration(session, migration.name, digest);
    session.commit();
    log::info("db: migration applied name={}", migration.name);
}

// An older program would write rows that the newer one's tables, rules and columns do not expect.
void refuse_newer(Session& session, const std::vector<Migration>& migrations) {
    for (const auto& name : store::applied_migrations(session)) {
        if (std::ranges::find(migrations, name, &Migration::name) != migrations.end()) continue;
        throw Failure{"the database was used by a newer version of this program (migration " + name +
                      " is not known here): install that version again, or restore the backup made before it"};
    }
}

} // namespace

void apply_migrations(Session& session, const std::vector<Migration>& migrations) {
    try {
        session.start_closure();
        session.begin_migration();
        session.script(std::string{store::migration_table});
        session.commit();
        session.start_closure();
        session.begin_migration();
        refuse_newer(session, migrations);
        session.rollback();
        for (const auto& migration : migrations) apply_one(session, migration);
    } catch (...) {
        session.rollback();
        throw;
    }
}

} // namespace preau::db
