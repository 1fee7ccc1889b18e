// How much lies in a space and how much may. The number is kept in the transaction that adds, replaces, copies, moves
// or erases a file, so that it is exact and two uploads that fit alone but not together cannot both win. What lies in
// the trash counts: it takes the same room.
#pragma once

#include "base/result.hpp"
#include "db/database.hpp"
#include "sharing/item.hpp"

#include <optional>
#include <vector>

namespace preau::files {

struct QuotaDefaults { // bytes, from the configuration
    std::int64_t personal = 100'000'000'000;
    std::int64_t group = 500'000'000'000;
};

struct Quota {
    std::int64_t used = 0;
    std::int64_t limit = 0;
};
PREAU_DESCRIBE(Quota, used, limit)

Quota quota_of(db::Tx& tx, const QuotaDefaults& defaults, ItemId space); // no rights asked
// files.quota (507), with {used} and {limit}.
std::unexpected<Error> over_quota(const Quota& quota);

// Before `bytes` more are stored in the space, in the same transaction. Less than nothing (a smaller version) always
// goes. The row is locked until the commit: whoever comes second sees what the first one left. Errors: files.quota.
Result<void> charge(db::Tx& tx, const QuotaDefaults& defaults, ItemId space, std::int64_t bytes);
void give_back(db::Tx& tx, ItemId space, std::int64_t bytes);
// Before the rows of these files are erased, wherever they lie: also below what was cut off from its trash.
void give_back_of(db::Tx& tx, const std::vector<std::int64_t>& files);
// When an item moves with all below it (bytes_below) from one space to another; the same space costs nothing. After an
// error nothing is changed. Under the lanes of both spaces, so that two moves do not wait for each other.
Result<void> charge_move(db::Tx& tx, const QuotaDefaults& defaults, ItemId from, ItemId to, std::int64_t bytes);
std::int64_t bytes_below(db::Tx& tx, ItemId item); // of the files at and below it, whatever lies in between

void set_quota(db::Tx& tx, ItemId space, std::optional<std::int64_t> limit); // nothing: the default again

// What is kept and what is there: should always be the same.
struct Miscount {
    ItemId space;
    std::int64_t kept = 0;
    std::int64_t counted = 0;
};
PREAU_DESCRIBE(Miscount, space, kept, counted)
std::vector<Miscount> find_miscounts(db::Tx& tx, int most); // looks at every file: for `preau doctor`
Quota recount(db::Tx& tx, const QuotaDefaults& defaults, ItemId space); // counts one space anew and keeps that

} // namespace preau::files
