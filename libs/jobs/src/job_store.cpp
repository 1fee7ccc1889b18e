#include "job_store.hpp"

namespace preau::jobs::store {
namespace {

const db::Query insert_job_sql{"jobs.insert", R"(
    INSERT INTO job (id, kind, payload, key, waiting_key, run_at, attempt, holder)
    VALUES ($1, $2, $3, $4, $4, $5, 0, 0)
    ON CONFLICT (kind, waiting_key) WHERE waiting_key <> '' DO NOTHING)"};

const db::Query due_sql{"jobs.due", R"(
    SELECT id, kind, payload, key, attempt + 1 AS attempt FROM job
     WHERE kind = $1 AND run_at <= $2 ORDER BY run_at, id LIMIT $3 $SKIP_LOCKED)"};

const db::Query take_sql{"jobs.take", R"(
    UPDATE job SET holder = $2, run_at = $3, attempt = attempt + 1, waiting_key = '' WHERE id $IDS(1))"};

const db::Query renew_sql{"jobs.renew", R"(
    UPDATE job SET run_at = $2 WHERE holder = $1)"};

// The holder is asked for: somebody whose lease ended may find that another has done the work meanwhile.
const db::Query delete_many_sql{"jobs.delete_many", R"(
    DELETE FROM job WHERE id $IDS(1) AND holder = $2)"};

const db::Query delete_sql{"jobs.delete", R"(
    DELETE FROM job WHERE id = $1 AND holder = $2)"};

const db::Query postpone_sql{"jobs.postpone", R"(
    UPDATE job SET run_at = $3, holder = 0 WHERE id = $1 AND holder = $2)"};

const db::Query next_run_sql{"jobs.next_run", R"(
    SELECT run_at FROM job WHERE kind = $1 ORDER BY run_at LIMIT 1)"};

const db::Query insert_dead_sql{"jobs.insert_dead", R"(
    INSERT INTO job_dead (id, kind, payload, key, problem, attempts, died_at) VALUES ($1, $2, $3, $4, $5, $6, $7))"};

const db::Query take_dead_sql{"jobs.take_dead", R"(
    DELETE FROM job_dead WHERE id = $1 RETURNING id, kind, payload, key, attempts AS attempt)"};

const db::Query dead_sql{"jobs.dead", R"(
    SELECT id, kind, payload, problem, attempts, died_at FROM job_dead
     WHERE (id < $1 OR $1 = 0) AND (kind = $3 OR $3 = '') ORDER BY id DESC LIMIT $2)"};

const db::Query dead_counts_sql{"jobs.dead_counts", R"(
    SELECT kind, COUNT(*) AS count FROM job_dead GROUP BY kind ORDER BY kind)"};

const db::Query waiting_sql{"jobs.waiting", R"(
    SELECT kind, COUNT(*) AS count, MIN(run_at) AS oldest FROM job GROUP BY kind ORDER BY kind)"};

const db::Query insert_timer_sql{"jobs.insert_timer", R"(
    INSERT INTO job_timer (kind, next_at) VALUES ($1, $2) ON CONFLICT (kind) DO NOTHING)"};

const db::Query advance_timer_sql{"jobs.advance_timer", R"(
    UPDATE job_timer SET next_at = $3 WHERE kind = $1 AND next_at <= $2)"};

const db::Query find_timer_sql{"jobs.find_timer", R"(
    SELECT next_at FROM job_timer WHERE kind = $1)"};

} // namespace

bool insert_job(db::Tx& tx, JobId id, const NewJob& job) {
    return tx.execute(insert_job_sql, {id, job.kind, job.payload, job.key, job.run_at}) == 1;
}

std::vector<Job> due_jobs(db::Tx& tx, std::string_view kind, Millis now, int limit) {
    return tx.all<Job>(due_sql, {kind, now, limit});
}

void take_jobs(db::Tx& tx, const std::vector<std::int64_t>& ids, std::int64_t holder, Millis lease_ends) {
    tx.execute(take_sql, {db::Ids{ids}, holder, lease_ends});
}

void renew_leases(db::Tx& tx, std::int64_t holder, Millis lease_ends) { tx.execute(renew_sql, {holder, lease_ends}); }

void delete_jobs(db::Tx& tx, const std::vector<std::int64_t>& ids, std::int64_t holder) {
    tx.execute(delete_many_sql, {db::Ids{ids}, holder});
}

bool delete_job(db::Tx& tx, JobId id, std::int64_t holder) { return tx.execute(delete_sql, {id, holder}) == 1; }

void postpone_job(db::Tx& tx, JobId id, std::int64_t holder, Millis run_at) {
    tx.execute(postpone_sql, {id, holder, run_at});
}

std::optional<Millis> next_run(db::Tx& tx, std::string_view kind) { return tx.one<Millis>(next_run_sql, {kind}); }

void insert_dead(db::Tx& tx, const Job& job, std::string_view problem, Millis now) {
    tx.execute(insert_dead_sql, {job.id, job.kind, job.payload, job.key, problem, job.attempt, now});
}

std::optional<Job> take_dead(db::Tx& tx, JobId id) { return tx.one<Job>(take_dead_sql, {id}); }

std::vector<DeadJob> dead_jobs(db::Tx& tx, JobId before, int limit, std::string_view kind) {
    return tx.all<DeadJob>(dead_sql, {before, limit, kind});
}

std::vector<DeadJobs> dead_counts(db::Tx& tx) { return tx.all<DeadJobs>(dead_counts_sql, {}); }

std::vector<WaitingJobs> waiting_jobs(db::Tx& tx) { return tx.all<WaitingJobs>(waiting_sql, {}); }

void insert_timer(db::Tx& tx, std::string_view kind, Millis next_at) { tx.execute(insert_timer_sql, {kind, next_at}); }

bool advance_timer(db::Tx& tx, std::string_view kind, Millis now, Millis next_at) {
    return tx.execute(advance_timer_sql, {kind, now, next_at}) == 1;
}

std::optional<Millis> find_timer(db::Tx& tx, std::string_view kind) { return tx.one<Millis>(find_timer_sql, {kind}); }

} // namespace preau::jobs::store
