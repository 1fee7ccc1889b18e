// Records behind one interface: SQLite (WAL, one writer with group commit, a pool of readers) or PostgreSQL.
//
//   auto page = co_await db.read([=](db::Tx& tx) { return latest_topics(tx, category); });
//   auto topic = co_await db.write(lane_of(category), [=](db::Tx& tx) { return create_topic(tx, form); });
//
// The closure is synchronous, pure but for `tx`, captures by value and may run twice (a batch that fails is run again
// one by one; a serialisation conflict is repeated). Answers arrive only after COMMIT was made durable. A closure that
// returns an error (`Result<T>` without value) or throws is rolled back alone: each runs under its own savepoint.
#pragma once

#include "base/task.hpp"
#include "db/query.hpp"
#include "db/row.hpp"
#include "db/value.hpp"

#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace preau::db {

// A transaction, or one closure's savepoint in it. Not thread-safe; lives as long as the closure runs.
class Tx {
public:
    template <class T> std::optional<T> one(const Query& query, Arguments arguments) {
        std::optional<T> answer;
        Reader<T> reader;
        run(query, arguments, [&](const Row& row) {
            answer.emplace(reader(row));
            return false;
        });
        return answer;
    }
    template <class T> std::vector<T> all(const Query& query, Arguments arguments) {
        std::vector<T> answers;
        Reader<T> reader;
        run(query, arguments, [&](const Row& row) {
            answers.push_back(reader(row));
            return true;
        });
        return answers;
    }
    // `visit(const Row&)` for results too large to hold; no other query may run inside.
    template <class Visit> void each(const Query& query, Arguments arguments, Visit&& visit) {
        run(
            query, arguments,
            [&](const Row& row) {
                visit(row);
                return true;
            },
            Rows::Streamed);
    }
    // Rows changed; 0 for a SELECT.
    std::int64_t execute(const Query& query, Arguments arguments) {
        return run(query, arguments, [](const Row&) { return true; });
    }
    // Called once after COMMIT is durable, on the database thread, never if the closure was rolled back: for waking
    // subscribers and dropping cached entries. Must not throw and must be quick.
    virtual void after_commit(std::function<void()> action) = 0;
    std::int64_t query_count() const { return query_count_; } // of this closure; tests stop N+1 with it (db/checks.hpp)

protected:
    using Sink = std::function<bool(const Row&)>; // false: enough
    enum class Rows { Held, Streamed }; // Streamed: the engine may not hold the whole result in memory
    virtual std::int64_t run_query(const Query& query, Arguments arguments, const Sink& sink, Rows rows) = 0;
    void restart_query_count() { query_count_ = 0; }
    ~Tx() = default;

private:
    std::int64_t run(const Query& query, Arguments arguments, const Sink& sink, Rows rows = Rows::Held) {
        ++query_count_;
        return run_query(query, arguments, sink, rows);
    }
    std::int64_t query_count_ = 0;
};

// What must not run at the same time: a space, a topic, a document. Closures of one lane run in the order they came.
struct Lane {
    std::uint64_t key = 0;
};
template <class Tag> Lane lane_of(Id<Tag> id) { return {static_cast<std::uint64_t>(id.value)}; }

struct Migration {
    std::string name; // "identity/0001_people.sql": the folder is the app, applied in the order given
    // Words $ID $INT $BYTES $STRICT $REAL, $SERIAL (a primary key that the database counts), $TRANSACTION (which
    // transaction wrote the row); statements end with ';' at the end of a line.
    std::string sql;
};

namespace detail {
template <class T> struct IsResult : std::false_type {};
template <class T, class E> struct IsResult<std::expected<T, E>> : std::true_type {};
} // namespace detail

class Database {
public:
    virtual ~Database() = default;

    template <class F> Task<std::invoke_result_t<F&, Tx&>> read(F closure) {
        using T = std::invoke_result_t<F&, Tx&>;
        auto launch = [this, closure = std::move(closure)](auto done) mutable {
            submit_read(make_job<T>(std::move(closure), std::move(done)));
        };
        return off_thread<T>(std::move(launch));
    }
    template <class F> Task<std::invoke_result_t<F&, Tx&>> write(Lane lane, F closure) {
        using T = std::invoke_result_t<F&, Tx&>;
        auto launch = [this, lane, closure = std::move(closure)](auto done) mutable {
            submit_write(lane, make_job<T>(std::move(closure), std::move(done)));
        };
        return off_thread<T>(std::move(launch));
    }
    // For what touches several spaces or documents (a move): all lanes are held when the closure starts. Every
    // transaction takes its lanes at once and in ascending order, so two of them never wait for each other in a circle.
    // The order of arrival holds in the first lane only. At least one lane.
    template <class F> Task<std::invoke_result_t<F&, Tx&>> write_across(std::vector<Lane> lanes, F closure) {
        using T = std::invoke_result_t<F&, Tx&>;
        auto launch = [this, lanes = std::move(lanes), closure = std::move(closure)](auto done) mutable {
            submit_write_across(std::move(lanes), make_job<T>(std::move(closure), std::move(done)));
        };
        return off_thread<T>(std::move(launch));
    }
    // Blocking: the command line, start-up and tests.
    template <class F> std::invoke_result_t<F&, Tx&> read_now(F closure) { return sync_wait(read(std::move(closure))); }
    template <class F> std::invoke_result_t<F&, Tx&> write_now(F closure, Lane lane = {}) {
        return sync_wait(write(lane, std::move(closure)));
    }

    virtual void migrate(const std::vector<Migration>& migrations) = 0; // forward only, each once, one transaction each
    virtual std::string_view engine() const = 0; // "sqlite" or "postgres"
    // Prepares every registered query; throws Failure with the query's name. For tests and `preau doctor`.
    virtual void prepare_all() = 0;

    // The type-erased work of one closure.
    struct Job {
        virtual ~Job() = default;
        virtual bool run(Tx& tx) = 0; // false: roll back this closure (it returned an error)
        virtual void committed() = 0; // hand out the answer; also after a rolled back error
        virtual void failed(std::exception_ptr) = 0; // hand out a failure
    };

protected:
    virtual void submit_read(std::unique_ptr<Job> job) = 0;
    virtual void submit_write(Lane lane, std::unique_ptr<Job> job) = 0;
    virtual void submit_write_across(std::vector<Lane> lanes, std::unique_ptr<Job> job) = 0;

private:
    template <class T, class F, class Done> static std::unique_ptr<Job> make_job(F closure, Done done) {
        using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
        struct Typed final : Job {
            F closure;
            Done done;
            std::optional<Stored> answer;
            Typed(F c, Done d) : closure{std::move(c)}, done{std::move(d)} {}
            bool run(Tx& tx) override {
                if constexpr (std::is_void_v<T>) {
                    closure(tx);
                    answer.emplace();
                    return true;
                } else {
                    answer.emplace(closure(tx));
                    if constexpr (detail::IsResult<T>::value) return answer->has_value();
                    return true;
                }
            }
            void committed() override { done(std::move(*answer)); }
            void failed(std::exception_ptr error) override { done(std::move(error)); }
        };
        return std::make_unique<Typed>(std::move(closure), std::move(done));
    }
};

struct SqliteOptions {
    std::filesystem::path file;
    int readers = 2; // threads, each with its own connection
    std::chrono::milliseconds queue_deadline{5000}; // a closure that has not started by then fails with Overloaded
    std::size_t queue_limit = 10'000;
};
struct PostgresOptions {
    std::string connection; // libpq connection string
    int readers = 4;
    int writers = 4;
    std::chrono::milliseconds queue_deadline{5000};
    std::size_t queue_limit = 10'000;
};
std::unique_ptr<Database> open_sqlite(const SqliteOptions& options);
std::unique_ptr<Database> open_postgres(const PostgresOptions& options);

} // namespace preau::db
