// How much waits for somebody's decision: the number in the account menu of every page. Only who leads a structure (and
// administrators) ever has one, so what was counted is remembered for half a minute, per process; whoever decides
// something is counted anew at once.
#pragma once

#include "base/clock.hpp"
#include "db/database.hpp"
#include "http/message.hpp"
#include "identity/viewer.hpp"

#include <mutex>
#include <unordered_map>

namespace preau::sharing {

struct WaitingCount {
    std::int64_t approvals = 0; // at most 100 is counted
    std::int64_t reports = 0;
    bool administers = false; // a part of the tree, by delegation: the menu leads there
};
PREAU_DESCRIBE(WaitingCount, approvals, reports, administers)

WaitingCount count_waiting(db::Tx& tx, const Viewer& viewer, Millis now); // one query

class WaitingCounts {
public:
    std::optional<WaitingCount> find(PersonId person, Millis now);
    void keep(PersonId person, WaitingCount count, Millis now);
    void forget(PersonId person);

private:
    struct Entry {
        WaitingCount count;
        Millis until = 0;
    };
    std::mutex mutex_;
    std::unordered_map<std::int64_t, Entry> entries_;
};

// Of an admitted request: its viewer has decided something.
void forget_waiting(const http::Request& request);

} // namespace preau::sharing
