#include "run_jobs.hpp"

#include "base/fault.hpp"
#include "base/log.hpp"

#include <thread>

namespace preau::db {
namespace {

constexpr int most_attempts = 11; // of one closure against conflicts: 2 seconds

struct Outcome {
    std::exception_ptr error; // null: hand out the answer, which may be an error of the user
    std::vector<std::function<void()>> actions;
};

// The engine gave up the whole transaction while one closure ran (disk full, for example).
struct TransactionGone : Failure {
    using Failure::Failure;
};

bool is_conflict(const std::exception_ptr& error) {
    if (!error) return false;
    try {
        std::rethrow_exception(error);
    } catch (const Conflict&) {
        return true;
    } catch (...) {
        return false;
    }
}

// Throws only what ends the whole transaction.
Outcome run_closure(Session& session, Database::Job& job) {
    Outcome outcome;
    session.start_closure();
    session.savepoint();
    bool keep = false;
    try {
        keep = job.run(session);
        // A service may catch a ConstraintFailure and answer an error; it may not pretend that nothing happened.
        if (keep && session.spoiled()) std::rethrow_exception(session.spoiled());
    } catch (...) {
        keep = false;
        outcome.error = std::current_exception();
    }
    if (is_conflict(session.spoiled())) std::rethrow_exception(session.spoiled());
    if (!session.in_transaction()) {
        if (outcome.error) std::rethrow_exception(outcome.error);
        throw TransactionGone{"the database gave the transaction up"};
    }
    if (keep) {
        session.release_savepoint();
        outcome.actions = session.take_actions();
    } else {
        session.rollback_to_savepoint();
    }
    session.forget_failure();
    return outcome;
}

void hand_out(Database::Job& job, Outcome& outcome) noexcept {
    for (auto& action : outcome.actions) {
        try {
            action();
        } catch (const std::exception& error) {
            log::error("db: an after_commit action threw error=\"{}\"", error.what());
        }
    }
    if (outcome.error)
        job.failed(std::move(outcome.error)); // the last that this thread holds of it
    else
        job.committed();
}

std::vector<std::uint64_t> lanes_of(std::span<Pending> batch) {
    std::vector<std::uint64_t> lanes;
    lanes.reserve(batch.size());
    for (const auto& pending : batch) {
        lanes.push_back(pending.lane.key);
        for (auto lane : pending.also) lanes.push_back(lane.key);
    }
    // Sorted, so that two writers that need the same lanes cannot wait for each other.
    std::sort(lanes.begin(), lanes.end());
    lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());
    return lanes;
}

// Others need time to finish what this one ran into, and a server that restarts a second or two.
void pause_before_next(int attempt) {
    std::this_thread::sleep_for(std::min(std::chrono::milliseconds{1 << attempt}, std::chrono::milliseconds{500}));
}

// Throws when nothing of it was kept (or, LostCommit, when nobody knows).
void commit_together(Session& session, std::span<Pending> batch) {
    std::vector<Outcome> outcomes;
    outcomes.reserve(batch.size());
    session.begin_write(lanes_of(batch));
    for (auto& pending : batch) outcomes.push_back(run_closure(session, *pending.job));
    const bool early = fault("answer_before_commit");
    if (!early) session.commit();
    for (std::size_t i = 0; i < batch.size(); ++i) hand_out(*batch[i].job, outcomes[i]);
    if (early) session.commit();
}

void commit_alone(Session& session, Pending& pending) {
    for (int attempt = 1;; ++attempt) {
        std::exception_ptr error;
        try {
            return commit_together(session, std::span{&pending, 1});
        } catch (...) {
            error = std::current_exception();
        }
        session.rollback();
        if (attempt == most_attempts || !is_conflict(error)) return pending.job->failed(std::move(error));
        pause_before_next(attempt);
    }
}

// True: answered. The closure's own failure spoils the transaction, so the next one needs a new one.
bool read_one(Session& session, Pending& pending, bool last_attempt) {
    session.start_closure();
    std::exception_ptr error;
    try {
        if (!session.in_transaction()) session.begin_read();
        pending.job->run(session);
        error = session.spoiled();
    } catch (...) {
        error = std::current_exception();
    }
    if (error) session.rollback();
    if (is_conflict(error) && !last_attempt) return false;
    session.forget_failure();
    Outcome outcome{std::move(error), session.take_actions()};
    hand_out(*pending.job, outcome);
    return true;
}

} // namespace

void run_writes(Session& session, std::vector<Pending>& batch) {
    std::exception_ptr unknown;
    if (batch.size() > 1) {
        try {
            return commit_together(session, batch);
        } catch (const LostCommit&) {
            unknown = std::current_exception();
        } catch (const std::exception& error) {
            log::debug("db: a batch runs again one by one closures={} error=\"{}\"", batch.size(), error.what());
        } catch (...) { // a closure may throw anything
        }
        session.rollback();
    }
    for (auto& pending : batch) unknown ? pending.job->failed(unknown) : commit_alone(session, pending);
}

void run_reads(Session& session, std::vector<Pending>& batch) {
    for (auto& pending : batch)
        for (int attempt = 1; !read_one(session, pending, attempt == most_attempts); ++attempt)
            pause_before_next(attempt);
    session.rollback(); // nothing was written
}

} // namespace preau::db
