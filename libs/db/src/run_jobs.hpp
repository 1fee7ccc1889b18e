// How closures become transactions, the same for both engines.
#pragma once

#include "pending.hpp"
#include "session.hpp"

namespace preau::db {

// One transaction for all of them, each under its own savepoint; answers only after COMMIT. If that transaction cannot
// be kept, each runs again in its own.
void run_writes(Session& session, std::vector<Pending>& batch);

// One short read-only transaction for all of them; each is answered as soon as it ran.
void run_reads(Session& session, std::vector<Pending>& batch);

} // namespace preau::db
