// Jobs that come back by themselves. The next turn stands in the database: a restart neither skips nor repeats one.
#pragma once

#include "jobs/jobs.hpp"

namespace preau::jobs {

class Timers {
public:
    Timers(db::Database& db, const Clock& clock) : db_{db}, clock_{clock} {}
    void add(Millis period, std::string kind);
    void plant(); // those that the database does not know yet: first turn one period from now
    // Enqueues whose turn has come; several processes may ask, one enqueues.
    void tick(Jobs& jobs);

private:
    struct Timer {
        Millis period;
        std::string kind;
        Millis next_at = 0; // as last known here
    };
    db::Database& db_;
    const Clock& clock_;
    std::vector<Timer> timers_;
};

} // namespace preau::jobs
