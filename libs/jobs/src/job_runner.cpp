#include "job_runner.hpp"

#include "job_store.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"

#include <algorithm>

namespace preau::jobs {
namespace {

constexpr Millis longest_pause = 6_h;
constexpr std::size_t longest_problem = 2'000; // bytes of a problem that are kept

// Doubled at each try, and up to a fifth more, so that a thousand jobs that failed together do not come back together.
Millis pause_before_retry(const Policy& policy, const Job& job) {
    auto doubled = policy.first_retry;
    for (int i = 1; i < job.attempt && doubled < longest_pause; ++i) doubled *= 2;
    doubled = std::min(doubled, longest_pause);
    auto mixed = std::hash<JobId>{}(job.id) ^ static_cast<std::size_t>(job.attempt) * 0x9E3779B97F4A7C15ULL;
    return doubled + static_cast<Millis>(mixed % static_cast<std::size_t>(doubled / 5 + 1));
}

} // namespace

void JobRunner::add(std::string kind, Handler handler, Policy policy) {
    PREAU_ASSERT(policy.batch >= 1 && policy.at_once >= 1 && policy.attempts >= 1);
    auto [place, added] = handled_.emplace(std::move(kind), Handled{std::move(handler), policy});
    PREAU_ASSERT(added);
}

std::vector<std::string> JobRunner::kinds() const {
    std::vector<std::string> names;
    for (const auto& [name, handled] : handled_) names.push_back(name);
    return names;
}

JobRunner::Ran JobRunner::run_some(std::string_view kind) {
    const auto& handled = handled_.find(kind)->second;
    auto next = db_.read_now([kind = std::string{kind}](db::Tx& tx) { return store::next_run(tx, kind); });
    if (!next || *next > clock_.now()) return {.jobs = 0, .next_at = next};
    auto jobs = take(kind, handled.policy.batch);
    std::vector<Settled> settled;
    for (auto& job : jobs) settled.push_back(run_one(handled, job));
    if (!settled.empty()) settle(handled.policy, std::move(settled));
    return {.jobs = static_cast<int>(jobs.size()), .next_at = clock_.now()};
}

std::vector<Job> JobRunner::take(std::string_view kind, int limit) {
    return db_.write_now([this, kind = std::string{kind}, limit, now = clock_.now()](db::Tx& tx) {
        auto jobs = store::due_jobs(tx, kind, now, limit);
        std::vector<std::int64_t> ids;
        for (const auto& job : jobs) ids.push_back(job.id.value);
        if (!ids.empty()) store::take_jobs(tx, ids, holder_, now + lease);
        return jobs;
    });
}

JobRunner::Settled JobRunner::run_one(const Handled& handled, const Job& job) {
    try {
        sync_wait(handled.handler(job));
        return {job, {}};
    } catch (const std::exception& problem) {
        std::string text = problem.what();
        return {job, text.empty() ? "an exception without words" : text.substr(0, longest_problem)};
    } catch (...) {
        return {job, "something that is no exception was thrown"};
    }
}

void JobRunner::settle(const Policy& policy, std::vector<Settled> settled) {
    for (const auto& [job, problem] : settled)
        if (!problem.empty())
            log::warn("job failed: kind={} id={} attempt={} problem={}", job.kind, to_text(job.id), job.attempt,
                      problem);
    db_.write_now([this, policy, settled = std::move(settled), now = clock_.now()](db::Tx& tx) {
        std::vector<std::int64_t> done;
        for (const auto& [job, problem] : settled) {
            if (problem.empty())
                done.push_back(job.id.value);
            else if (job.attempt < policy.attempts)
                store::postpone_job(tx, job.id, holder_, now + pause_before_retry(policy, job));
            else if (store::delete_job(tx, job.id, holder_))
                store::insert_dead(tx, job, problem, now);
        }
        if (!done.empty()) store::delete_jobs(tx, done, holder_);
    });
}

void JobRunner::renew_leases() {
    db_.write_now([this, until = clock_.now() + lease](db::Tx& tx) { store::renew_leases(tx, holder_, until); });
}

} // namespace preau::jobs
