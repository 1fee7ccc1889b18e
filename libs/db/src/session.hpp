// One connection of an engine, as seen by the code that both engines share: transactions, savepoints, and the rule that
// a failed statement ends its closure.
#pragma once

#include "db/database.hpp"

#include <exception>
#include <span>

namespace preau::db {

// The transaction was refused because of what others did at the same time, or its connection was lost before COMMIT was
// sent: nothing happened, run it again.
struct Conflict : Failure {
    using Failure::Failure;
};
// The connection was lost while COMMIT was under way: nobody knows whether it happened, so it must not run again.
struct LostCommit : Failure {
    using Failure::Failure;
};

class Session : public Tx {
public:
    virtual ~Session() = default;

    virtual void begin_read() = 0;
    virtual void begin_write(std::span<const std::uint64_t> lanes) = 0; // sorted, each once
    virtual void begin_migration() = 0; // waits for another server that migrates
    virtual void commit() = 0; // the transaction is over even if it throws
    virtual void rollback() noexcept = 0; // does nothing outside a transaction
    virtual void savepoint() = 0;
    virtual void release_savepoint() = 0;
    virtual void rollback_to_savepoint() = 0; // and release
    virtual bool in_transaction() const = 0; // false once the engine gave the whole transaction up by itself
    virtual void script(const std::string& sql) = 0; // several statements, in the engine's own words
    virtual void prepare(const Query& query) = 0;

    void start_closure() {
        restart_query_count();
        actions_.clear();
        spoiled_ = nullptr;
    }
    // The failure of a statement, even if the closure caught it. PostgreSQL refuses everything after it; SQLite would
    // go on, and a service would behave differently on the two.
    std::exception_ptr spoiled() const { return spoiled_; }
    void forget_failure() { spoiled_ = nullptr; }
    std::vector<std::function<void()>> take_actions() { return std::exchange(actions_, {}); }

    void after_commit(std::function<void()> action) final { actions_.push_back(std::move(action)); }

protected:
    virtual std::int64_t execute_query(const Query& query, Arguments arguments, const Sink& sink, Rows rows) = 0;

private:
    std::int64_t run_query(const Query& query, Arguments arguments, const Sink& sink, Rows rows) final {
        if (spoiled_) std::rethrow_exception(spoiled_);
        try {
            return execute_query(query, arguments, sink, rows);
        } catch (...) {
            spoiled_ = std::current_exception();
            throw;
        }
    }
    std::vector<std::function<void()>> actions_;
    std::exception_ptr spoiled_;
};

} // namespace preau::db
