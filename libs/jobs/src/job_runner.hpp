// Takes due jobs, runs their handlers, and says in the database how it ended.
#pragma once

#include "jobs/jobs.hpp"

#include <map>

namespace preau::jobs {

struct Handled {
    Handler handler;
    Policy policy;
};

// Thread-safe once all handlers are there: holds nothing between two calls.
class JobRunner {
public:
    JobRunner(db::Database& db, const Clock& clock, std::int64_t holder) : db_{db}, clock_{clock}, holder_{holder} {}

    void add(std::string kind, Handler handler, Policy policy);
    std::vector<std::string> kinds() const;
    const Policy& policy(std::string_view kind) const { return handled_.find(kind)->second.policy; }

    struct Ran {
        int jobs = 0;
        std::optional<Millis> next_at; // when the next of this kind is due; nothing: none is there
    };
    Ran run_some(std::string_view kind); // at most one batch
    void renew_leases();                 // of all that this process has taken

private:
    struct Settled {
        Job job;
        std::string problem; // empty: done
    };
    std::vector<Job> take(std::string_view kind, int limit);
    Settled run_one(const Handled& handled, const Job& job);
    void settle(const Policy& policy, std::vector<Settled> settled);

    db::Database& db_;
    const Clock& clock_;
    std::int64_t holder_;
    std::map<std::string, Handled, std::less<>> handled_;
};

} // namespace preau::jobs
