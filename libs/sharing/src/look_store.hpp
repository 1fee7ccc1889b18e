#pragma once

#include "sharing/item.hpp"

namespace preau::sharing::store {

struct LookRow {
    ItemId item;
    PersonId person;
    Millis until = 0;
};
PREAU_DESCRIBE(LookRow, item, person, until)

void put_look(db::Tx& tx, const LookRow& look);
std::optional<LookRow> find_look(db::Tx& tx, ItemId item, PersonId person);
std::vector<LookRow> take_looks(db::Tx& tx, ItemId item); // deletes them

} // namespace preau::sharing::store
