#include "identity/node_lease.hpp"

#include "identity_fixture.hpp"

#include <set>
#include <thread>

using namespace preau;
using namespace preau::identity;

namespace {
template <class Body> void with_leases(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        ManualClock clock;
        SeededRandom random;
        body(db, clock, random);
    });
}
} // namespace

TEST_CASE("processes that run at the same time have different nodes") {
    with_leases([](db::Database& db, ManualClock& clock, Random& random) {
        std::array<std::unique_ptr<NodeLease>, 6> leases;
        std::vector<std::thread> threads;
        for (auto& lease : leases)
            threads.emplace_back([&] { lease = std::make_unique<NodeLease>(db, clock, random); });
        for (auto& thread : threads) thread.join();
        std::set<int> nodes;
        for (const auto& lease : leases) nodes.insert(lease->node());
        CHECK(nodes == std::set<int>{0, 1, 2, 3, 4, 5});
    });
}

TEST_CASE("a server that stops in order has its node again, above its last id even when the clock went back") {
    with_leases([](db::Database& db, ManualClock& clock, Random& random) {
        std::int64_t last = 0;
        {
            NodeLease lease{db, clock, random};
            CHECK(lease.node() == 0);
            CHECK(lease.floor() == 0);
            IdSource ids{clock, lease.node(), lease.floor()};
            clock.advance(1_h);
            last = ids.next();
        }
        clock.advance(-2_h);
        NodeLease lease{db, clock, random};
        CHECK(lease.node() == 0);
        IdSource ids{clock, lease.node(), lease.floor()};
        CHECK(ids.next() > last);
    });
}

namespace {
const db::Query hold_sql{"identity_test.hold_node",
                         "INSERT INTO node_lease (node, holder, beat_at) VALUES ($1, 'crashed', $2)"};
const db::Query steal_sql{"identity_test.steal_node", "UPDATE node_lease SET holder = 'other' WHERE node = $1"};
} // namespace

TEST_CASE("the node of a crashed process is free five minutes after its last heartbeat") {
    with_leases([](db::Database& db, ManualClock& clock, Random& random) {
        auto crashed_at = clock.now();
        db.write_now([&](db::Tx& tx) { tx.execute(hold_sql, {0, crashed_at}); });
        clock.advance(node_lease_term - 1);
        CHECK(NodeLease{db, clock, random}.node() == 1);
        clock.advance(-10_days); // still taken while the clock is behind the heartbeat
        CHECK(NodeLease{db, clock, random}.node() == 1);
        clock.set(crashed_at + node_lease_term);
        CHECK(NodeLease{db, clock, random}.node() == 0);
    });
}

TEST_CASE("a heartbeat tells that a node was taken over") {
    with_leases([](db::Database& db, ManualClock& clock, Random& random) {
        NodeLease lease{db, clock, random};
        clock.advance(10_min);
        CHECK(lease.beat());
        db.write_now([](db::Tx& tx) { tx.execute(steal_sql, {0}); });
        CHECK_FALSE(lease.beat());
    });
}

TEST_CASE("a thousand and twenty-four nodes and no more") {
    with_leases([](db::Database& db, ManualClock& clock, Random& random) {
        db.write_now([&](db::Tx& tx) {
            for (int node = 0; node < 1024; ++node) tx.execute(hold_sql, {node, clock.now()});
        });
        CHECK_THROWS_AS((NodeLease{db, clock, random}), db::Failure);
    });
}
