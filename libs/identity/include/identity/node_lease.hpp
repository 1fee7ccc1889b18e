// Two processes that make ids at the same time must not share a node number (docs/adr/0004-ids.md): each leases one of
// 0…1023 in the table `node_lease` and renews it. The command line beside a running server is such a second process.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "db/database.hpp"

#include <memory>

namespace preau::identity {

inline constexpr Millis node_lease_term = 5_min; // free again this long after the last heartbeat
inline constexpr Millis node_lease_beat = 30_s;

class NodeLease {
public:
    // The command line holds one as well, for as long as it runs.
    // Blocks; throws db::Failure when all 1,024 are taken.
    NodeLease(db::Database& db, const Clock& clock, Random& random);
    ~NodeLease(); // gives it back
    int node() const;
    // The floor for IdSource: the moment at which this node was last given back, as an id. A crashed holder needs none:
    // its node stays taken until the clock has passed its last heartbeat.
    std::int64_t floor() const;
    // One heartbeat; a thread calls it every 30 s. False: somebody else took it over, so this process must stop.
    bool beat();

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::identity
