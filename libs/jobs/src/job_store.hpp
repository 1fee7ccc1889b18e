// The SQL of jobs: waiting, taken, dead, and timers.
#pragma once

#include "jobs/jobs.hpp"

namespace preau::jobs::store {

bool insert_job(db::Tx& tx, JobId id, const NewJob& job); // false: one of its kind and key waits
// Due ones, the oldest first; nobody else has them in their hands until this transaction ends.
std::vector<Job> due_jobs(db::Tx& tx, std::string_view kind, Millis now, int limit);
void take_jobs(db::Tx& tx, const std::vector<std::int64_t>& ids, std::int64_t holder, Millis lease_ends);
void renew_leases(db::Tx& tx, std::int64_t holder, Millis lease_ends);
void delete_jobs(db::Tx& tx, const std::vector<std::int64_t>& ids, std::int64_t holder);
bool delete_job(db::Tx& tx, JobId id, std::int64_t holder);
void postpone_job(db::Tx& tx, JobId id, std::int64_t holder, Millis run_at);
std::optional<Millis> next_run(db::Tx& tx, std::string_view kind); // when the first of this kind is due

void insert_dead(db::Tx& tx, const Job& job, std::string_view problem, Millis now);
std::optional<Job> take_dead(db::Tx& tx, JobId id);
std::vector<DeadJob> dead_jobs(db::Tx& tx, JobId before, int limit, std::string_view kind); // no kind: all
std::vector<DeadJobs> dead_counts(db::Tx& tx);
std::vector<WaitingJobs> waiting_jobs(db::Tx& tx);

void insert_timer(db::Tx& tx, std::string_view kind, Millis next_at); // keeps one that is there
bool advance_timer(db::Tx& tx, std::string_view kind, Millis now, Millis next_at); // true: it was due
std::optional<Millis> find_timer(db::Tx& tx, std::string_view kind);

} // namespace preau::jobs::store
