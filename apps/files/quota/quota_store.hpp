// SQL of the quotas.
#pragma once

#include "files/quota/quota.hpp"

namespace preau::files::store {

struct QuotaRow {
    ItemId space;
    std::int64_t used = 0;
    std::optional<std::int64_t> quota;
    ItemId personal; // the space again if it is somebody's own
};
PREAU_DESCRIBE(QuotaRow, space, used, quota, personal)
std::optional<QuotaRow> find_quota(db::Tx& tx, ItemId space);
void ensure_quota(db::Tx& tx, ItemId space); // the row, if there was none
bool add_used(db::Tx& tx, ItemId space, std::int64_t bytes, std::int64_t default_limit); // false: does not fit
void take_used(db::Tx& tx, ItemId space, std::int64_t bytes);
void set_used(db::Tx& tx, ItemId space, std::int64_t bytes);
void set_limit(db::Tx& tx, ItemId space, std::optional<std::int64_t> limit);
std::int64_t sum_below(db::Tx& tx, ItemId item);
struct Weighed {
    ItemId space;
    std::int64_t bytes = 0;
};
PREAU_DESCRIBE(Weighed, space, bytes)
std::vector<Weighed> weighed(db::Tx& tx, const std::vector<std::int64_t>& files); // by space, in the order of their ids
std::vector<Miscount> miscounts(db::Tx& tx, int most);

} // namespace preau::files::store
