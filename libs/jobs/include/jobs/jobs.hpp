// Work that outlives the request: a durable queue, timers, and the outbox of events.
//
// A job is written in the transaction that causes it, so it exists exactly when what it follows from does. It may run
// twice (a process dies after the work and before the row says so): handlers are safe to run again.
#pragma once

#include "base/clock.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/task.hpp"
#include "db/database.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preau::jobs {

using JobId = Id<struct JobTag>;

struct NewJob {
    std::string kind;    // "mail.send": a handler of that name is registered in some process
    std::string payload; // what the handler needs, usually JSON; at most 64 KiB
    Millis run_at = 0;   // not before; 0: at once
    std::string key;     // while one of this kind and key waits, another is not added; empty: always added
};
struct Job {
    JobId id;
    std::string kind, payload, key;
    int attempt = 1; // this is the n-th try
};
PREAU_DESCRIBE(Job, id, kind, payload, key, attempt)
// Returns: done. Throws: tried again later (back-off with jitter), after `attempts` it lies among the dead jobs, where
// an administrator can try it again or drop it.
using Handler = std::function<Task<void>(Job)>;
struct Policy {
    int attempts = 10;
    Millis first_retry = 5'000; // doubled each time, at most 6 h
    int at_once = 2;            // threads of this process that do this kind
    int batch = 1;              // taken and settled together by one thread: for jobs of a few milliseconds
};
// A job whose process died is taken by another after this; renewed while it runs.
inline constexpr Millis lease = 60'000;

// What happened to an item, as the outbox keeps it. `position` orders: on each engine a reader that has seen p never
// meets a smaller one later (PostgreSQL: only what pg_snapshot_xmin has passed is read).
struct Event {
    std::int64_t position = 0;
    std::string kind;       // "item.created", "file.uploaded", …
    std::int64_t item = 0;
    std::int64_t actor = 0; // person, or 0
    std::int64_t link = 0;  // the link that a family came by, or 0
    std::string detail;
    Millis at = 0;
};
PREAU_DESCRIBE(Event, position, kind, item, actor, link, detail, at)
// Runs in the transaction that moves the subscriber's cursor: what it writes happens exactly once per event. For
// effects outside the database it enqueues a job. Throws: the same events come again after a pause, one by one; an
// event that fails alone ten times is put aside among the dead as kind "event:NAME" and the cursor goes on.
using Subscriber = std::function<void(db::Tx&, std::span<const Event>)>;

struct DeadJob {
    JobId id;
    std::string kind, payload, problem; // the last exception's text
    int attempts = 0;
    Millis died_at = 0;
};
PREAU_DESCRIBE(DeadJob, id, kind, payload, problem, attempts, died_at)
struct DeadJobs { // of one kind
    std::string kind;
    std::int64_t count = 0;
};
PREAU_DESCRIBE(DeadJobs, kind, count)
struct WaitingJobs { // of one kind, those that are being done included
    std::string kind;
    std::int64_t count = 0;
    Millis oldest = 0; // when the first is due
};
PREAU_DESCRIBE(WaitingJobs, kind, count, oldest)

class Jobs {
public:
    Jobs(db::Database& db, const Clock& clock, IdSource& ids);
    ~Jobs(); // stop()

    // Before start(). A kind or name twice is a bug.
    void handle(std::string kind, Handler handler, Policy policy = {});
    // A timer: enqueues `kind` every `period`, whatever restarts; missed turns are made up by one run.
    void every(Millis period, std::string kind);
    // Events whose kind starts with one of `prefixes` ("item.", "" for all). `name` is that of the durable cursor; a
    // new subscriber starts at the events to come, or at the first one with Start::FromTheBeginning.
    enum class Start { Now, FromTheBeginning };
    void subscribe(std::string name, std::vector<std::string> prefixes, Subscriber subscriber,
                   Start start = Start::Now);

    // No id: one of that kind and key waits already.
    JobId enqueue(db::Tx& tx, const NewJob& job);
    void record(db::Tx& tx, const Event& event); // `position` is given by the database; wakes the subscribers

    void start(int threads = 2); // threads that run handlers and subscribers
    void stop(); // takes no more, waits for what runs
    // For tests and the command line: runs on this thread whatever is due now, until nothing is; answers how many jobs
    // and events. Jobs that fail are due again only after their pause (move the clock).
    int run_due();

    // For the administrator's page and the metrics.
    // Latest first, by key; of one kind, or of all.
    static std::vector<DeadJob> dead(db::Tx& tx, JobId before, int limit, std::string_view kind = {});
    static std::vector<DeadJobs> dead_counts(db::Tx& tx);
    bool retry(db::Tx& tx, JobId id); // a dead one, from its first attempt
    static bool drop(db::Tx& tx, JobId id); // a dead one
    // At most `limit` of a kind, in this transaction; answers how many.
    int retry_all(db::Tx& tx, std::string_view kind, int limit);
    static int drop_all(db::Tx& tx, std::string_view kind, int limit);
    static std::vector<WaitingJobs> waiting(db::Tx& tx);

private:
    struct Inner;
    std::shared_ptr<Inner> inner_; // shared: a commit that ends later than this still finds somebody to wake
};

// The last events of an item before `position` (0: the latest), latest first.
std::vector<Event> events_of(db::Tx& tx, std::int64_t item, std::int64_t before, int limit);
std::vector<db::Migration> migrations();

} // namespace preau::jobs
