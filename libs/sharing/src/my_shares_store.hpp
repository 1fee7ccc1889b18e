// SQL of "my links" and "shared by me".
#pragma once

#include "my_shares.hpp"

namespace preau::sharing::store {

std::vector<MyLink> links_made_by(db::Tx& tx, PersonId person, LinkId before, int limit);
std::vector<MyGrant> grants_given_by(db::Tx& tx, PersonId person, std::span<const std::int64_t> kinds,
                                     const GivenKey& before, int limit);
struct ItemSpace {
    ItemId id, space;
};
PREAU_DESCRIBE(ItemSpace, id, space)
std::vector<ItemSpace> item_spaces(db::Tx& tx, std::span<const std::int64_t> items);
struct LinkItem {
    LinkId id;
    ItemId item;
};
PREAU_DESCRIBE(LinkItem, id, item)
std::vector<LinkItem> link_items(db::Tx& tx, std::span<const std::int64_t> links);

} // namespace preau::sharing::store
