// SQL of grants and of the chain from an item to the root of its space.
#pragma once

#include "sharing/access.hpp"

#include <functional>

namespace preau::sharing::store {

struct ChainRow { // one level of a chain, with one of its grants or none
    std::int64_t start = 0; // the item that was asked for
    int depth = 0;          // 0: the item itself
    std::int64_t id = 0, parent = 0;
    bool restricted = false;
    bool trash = false; // this level is a trash, or a root that was thrown away
    bool has_grant = false;
    Grant grant; // of this level
};
using SeeChainRow = std::function<void(const ChainRow&)>;

struct ChainEnd { // the item that was asked for
    Item item;
    int height = 0;
};
// Calls `see` for every level and grant, in no order; answers the item, or nothing when it does not exist.
std::optional<ChainEnd> each_of_chain(db::Tx& tx, ItemId item, const SeeChainRow& see);
void each_of_chains(db::Tx& tx, std::span<const std::int64_t> items, const SeeChainRow& see);

bool put_grant(db::Tx& tx, const Grant& grant, Millis now);
bool delete_grant(db::Tx& tx, ItemId item, Subject subject);
std::vector<Grant> grants_on(db::Tx& tx, ItemId item);
std::vector<Grant> grants_among(db::Tx& tx, std::span<const std::int64_t> items);
void set_restricted(db::Tx& tx, ItemId item, bool on);

} // namespace preau::sharing::store
