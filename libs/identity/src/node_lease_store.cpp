#include "node_lease_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query nodes_sql{"identity.nodes", "SELECT node, holder, beat_at FROM node_lease ORDER BY node"};

const db::Query insert_node_sql{"identity.insert_node", R"(
    INSERT INTO node_lease (node, holder, beat_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};

const db::Query take_node_sql{"identity.take_node", R"(
    UPDATE node_lease SET holder = $2, beat_at = $3 WHERE node = $1 AND holder = $4 AND beat_at = $5)"};

const db::Query beat_node_sql{"identity.beat_node", R"(
    UPDATE node_lease SET beat_at = $3 WHERE node = $1 AND holder = $2)"};

const db::Query give_back_node_sql{"identity.give_back_node", R"(
    UPDATE node_lease SET holder = '', beat_at = $3 WHERE node = $1 AND holder = $2)"};

} // namespace

std::vector<NodeRow> nodes(db::Tx& tx) { return tx.all<NodeRow>(nodes_sql, {}); }

bool insert_node(db::Tx& tx, const NodeRow& row) {
    return tx.execute(insert_node_sql, {row.node, row.holder, row.beat_at}) == 1;
}

bool take_node(db::Tx& tx, const NodeRow& before, const NodeRow& row) {
    return tx.execute(take_node_sql, {row.node, row.holder, row.beat_at, before.holder, before.beat_at}) == 1;
}

bool beat_node(db::Tx& tx, const NodeRow& row) {
    return tx.execute(beat_node_sql, {row.node, row.holder, row.beat_at}) == 1;
}

void give_back_node(db::Tx& tx, const NodeRow& row) {
    tx.execute(give_back_node_sql, {row.node, row.holder, row.beat_at});
}

} // namespace preau::identity::store
