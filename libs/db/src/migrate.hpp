// Migrations: each once, each in one transaction, in the order given.
#pragma once

#include "session.hpp"

namespace preau::db {

// A second server that starts at the same time waits, then finds them applied. Throws Failure for a migration that was
// applied with another text: history cannot be edited, only continued.
void apply_migrations(Session& session, const std::vector<Migration>& migrations);

} // namespace preau::db
