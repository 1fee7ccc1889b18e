#include "files/quota/quota_store.hpp"

namespace preau::files {
namespace {

std::int64_t default_of(const QuotaDefaults& defaults, const store::QuotaRow& row) {
    return row.personal ? defaults.personal : defaults.group;
}

Quota quota_in(const QuotaDefaults& defaults, const store::QuotaRow& row) {
    return {.used = row.used, .limit = row.quota.value_or(default_of(defaults, row))};
}

} // namespace

Quota quota_of(db::Tx& tx, const QuotaDefaults& defaults, ItemId space) {
    auto row = store::find_quota(tx, space);
    return row ? quota_in(defaults, *row) : Quota{};
}

std::unexpected<Error> over_quota(const Quota& quota) {
    return std::unexpected(
        Error{.kind = Error::Kind::StorageFull,
              .key = "files.quota",
              .values = {{"used", std::to_string(quota.used)}, {"limit", std::to_string(quota.limit)}}});
}

Result<void> charge(db::Tx& tx, const QuotaDefaults& defaults, ItemId space, std::int64_t bytes) {
    auto row = store::find_quota(tx, space);
    if (!row) return not_found("sharing.item"); // cut off from its space in this moment, to be erased
    if (bytes <= 0) {
        store::take_used(tx, space, -bytes);
        return {};
    }
    const auto limit = default_of(defaults, *row);
    if (store::add_used(tx, space, bytes, limit)) return {};
    store::ensure_quota(tx, space); // the first file of a space finds no row yet
    if (store::add_used(tx, space, bytes, limit)) return {};
    return over_quota(quota_of(tx, defaults, space)); // as it is now: somebody else may just have filled it
}

void give_back(db::Tx& tx, ItemId space, std::int64_t bytes) { store::take_used(tx, space, bytes); }

void give_back_of(db::Tx& tx, const std::vector<std::int64_t>& files) {
    for (const auto& each : store::weighed(tx, files)) give_back(tx, each.space, each.bytes);
}

Result<void> charge_move(db::Tx& tx, const QuotaDefaults& defaults, ItemId from, ItemId to, std::int64_t bytes) {
    if (from == to || bytes == 0) return {};
    TRY(charge(tx, defaults, to, bytes));
    give_back(tx, from, bytes);
    return {};
}

std::int64_t bytes_below(db::Tx& tx, ItemId item) { return store::sum_below(tx, item); }

void set_quota(db::Tx& tx, ItemId space, std::optional<std::int64_t> limit) {
    store::ensure_quota(tx, space);
    store::set_limit(tx, space, limit);
}

std::vector<Miscount> find_miscounts(db::Tx& tx, int most) { return store::miscounts(tx, most); }

Quota recount(db::Tx& tx, const QuotaDefaults& defaults, ItemId space) {
    store::ensure_quota(tx, space);
    store::take_used(tx, space, 0); // locks the row: whoever stores or erases waits until this is counted
    store::set_used(tx, space, store::sum_below(tx, space));
    return quota_of(tx, defaults, space);
}

} // namespace preau::files
