// Rows of the table of node numbers.
#pragma once

#include "db/database.hpp"

namespace preau::identity::store {

struct NodeRow {
    std::int64_t node = 0;
    std::string holder;
    Millis beat_at = 0;
};
PREAU_DESCRIBE(NodeRow, node, holder, beat_at)
std::vector<NodeRow> nodes(db::Tx& tx);
bool insert_node(db::Tx& tx, const NodeRow& row);                       // false: somebody else was quicker
bool take_node(db::Tx& tx, const NodeRow& before, const NodeRow& row);  // false: it changed hands meanwhile
bool beat_node(db::Tx& tx, const NodeRow& row);                         // false: it is another's now
void give_back_node(db::Tx& tx, const NodeRow& row);

} // namespace preau::identity::store
