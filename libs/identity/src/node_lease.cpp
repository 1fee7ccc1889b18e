#include "identity/node_lease.hpp"

#include "node_lease_store.hpp"

#include "base/id.hpp"
#include "base/log.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace preau::identity {
namespace {

constexpr std::int64_t node_count = 1024;
constexpr db::Lane node_lane{0x4e4f'4445};

struct Leased {
    store::NodeRow row;
    Millis given_back_at = 0; // by the one before; 0: nobody was there
};

// The lowest that is free: a single server stays node 0 through all its restarts.
std::optional<Leased> lease(db::Tx& tx, const std::string& holder, Millis now) {
    std::array<bool, node_count> exists{};
    for (const auto& node : store::nodes(tx)) {
        exists[static_cast<std::size_t>(node.node)] = true;
        // A heartbeat from the future is a clock that went back, here or there: it still holds.
        if (!node.holder.empty() && node.beat_at > now - node_lease_term) continue;
        store::NodeRow row{.node = node.node, .holder = holder, .beat_at = std::max(now, node.beat_at)};
        if (store::take_node(tx, node, row)) return Leased{row, node.beat_at};
    }
    for (std::int64_t number = 0; number < node_count; ++number) {
        if (exists[static_cast<std::size_t>(number)]) continue;
        store::NodeRow row{.node = number, .holder = holder, .beat_at = now};
        if (store::insert_node(tx, row)) return Leased{row, 0};
    }
    return std::nullopt;
}

Leased lease_or_throw(db::Database& db, const Clock& clock, Random& random) {
    auto holder = random.token(16);
    auto leased = db.write_now([&](db::Tx& tx) { return lease(tx, holder, clock.now()); }, node_lane);
    if (!leased)
        throw db::Failure{"all 1,024 node numbers are leased: stop a server, or wait five minutes after a crash"};
    return *leased;
}

// The highest id of that millisecond, whatever its node and sequence.
std::int64_t last_id_of(Millis moment) {
    constexpr Millis epoch = 1'735'689'600'000; // 2025-01-01, as in base/id.cpp
    return moment <= epoch ? 0 : ((moment - epoch + 1) << 22) - 1;
}

} // namespace

struct NodeLease::Inner {
    Inner(db::Database& the_db, const Clock& the_clock, Random& random)
        : db{the_db}, clock{the_clock}, leased{lease_or_throw(db, clock, random)}, thread{[this] { run(); }} {}
    ~Inner() {
        {
            std::lock_guard lock{mutex};
            stopping = true;
        }
        wake.notify_all();
        thread.join();
        try {
            db.write_now([row = row_now()](db::Tx& tx) { store::give_back_node(tx, row); }, node_lane);
        } catch (const std::exception& failure) {
            log::warn("node={} not given back, free in five minutes: {}", leased.row.node, failure.what());
        }
    }

    // Ids never go back with the clock, so neither does the heartbeat that guards them.
    store::NodeRow row_now() {
        std::lock_guard lock{mutex};
        leased.row.beat_at = std::max(clock.now(), leased.row.beat_at);
        return leased.row;
    }
    bool beat() {
        return db.write_now([row = row_now()](db::Tx& tx) { return store::beat_node(tx, row); }, node_lane);
    }
    void run() {
        std::unique_lock lock{mutex};
        while (!wake.wait_for(lock, std::chrono::milliseconds{node_lease_beat}, [this] { return stopping; })) {
            lock.unlock();
            try {
                if (!beat())
                    log::error("node={} was taken over: was this machine asleep? restart the server", leased.row.node);
            } catch (const std::exception& failure) {
                log::warn("node={} heartbeat failed: {}", leased.row.node, failure.what());
            }
            lock.lock();
        }
    }

    db::Database& db;
    const Clock& clock;
    Leased leased;
    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
    std::thread thread; // last: it uses all of the above
};

NodeLease::NodeLease(db::Database& db, const Clock& clock, Random& random)
    : inner_{std::make_unique<Inner>(db, clock, random)} {}
NodeLease::~NodeLease() = default;
int NodeLease::node() const { return static_cast<int>(inner_->leased.row.node); }
std::int64_t NodeLease::floor() const { return last_id_of(inner_->leased.given_back_at); }
bool NodeLease::beat() { return inner_->beat(); }

} // namespace preau::identity
