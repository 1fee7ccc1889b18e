#include "sharing/purge.hpp"

#include "purge_store.hpp"
#include "tree_store.hpp"

#include <map>

namespace preau::sharing {
namespace {

constexpr std::string_view purge_job = "sharing.purge";
constexpr std::string_view expire_job = "sharing.expire";
// A write that saw the item before it was cut off may still put something below it. No write lives that long: it waits
// at most five seconds for its turn (db::SqliteOptions::queue_deadline) and is bounded itself.
constexpr Millis settle_time = 30_s;
constexpr int slices_per_run = 50; // then the next job goes on: work of other kinds gets its turn
constexpr int most_at_once = 1000; // cut off by one press of a button

bool cut_off(db::Tx& tx, ItemId item) { return store::cut_off_item(tx, item, space_of(tx, item).value_or(ItemId{})); }

void ask_for_purge(db::Tx& tx, World& world) {
    world.jobs.enqueue(tx, {.kind = std::string{purge_job}, .run_at = world.clock.now() + settle_time, .key = "purge"});
}

// Items below (and with) what was cut off that have nothing below themselves; at most `most`. Goes down by first
// children: as many small queries as the tree is deep.
std::vector<store::Doomed> leaves(db::Tx& tx, int most) {
    auto row = store::children_of(tx, store::cut_off, most);
    while (!row.empty()) {
        std::vector<std::int64_t> ids;
        for (const auto& item : row) ids.push_back(item.id.value);
        auto found = store::without_children(tx, ids);
        if (!found.empty()) return found;
        row = store::children_of(tx, row.front().id, most);
    }
    return {};
}

void erase(db::Tx& tx, World& world, const Kinds& kinds, const std::vector<store::Doomed>& doomed) {
    std::map<std::string, std::vector<std::int64_t>, std::less<>> by_kind;
    std::vector<std::int64_t> ids;
    for (const auto& item : doomed) {
        by_kind[item.kind].push_back(item.id.value);
        ids.push_back(item.id.value);
    }
    for (const auto& [kind, items] : by_kind) kinds.erase(tx, world, kind, items);
    store::delete_items(tx, ids);
    for (const auto& item : doomed) record_event(tx, world, Viewer{}, "item.purged", item.id, item.kind);
}

struct Parts { // what the jobs refer to; all outlives them
    db::Database& db;
    World& world;
    const Kinds& kinds;
    Millis keep;
};

Task<void> purge(Parts parts, jobs::Job) {
    for (int slice = 0; slice < slices_per_run; ++slice) {
        const int purged =
            co_await parts.db.write({}, [parts](db::Tx& tx) { return purge_some(tx, parts.world, parts.kinds); });
        if (purged == 0) co_return;
    }
    co_await parts.db.write({}, [parts](db::Tx& tx) {
        parts.world.jobs.enqueue(tx, {.kind = std::string{purge_job}});
        return 0;
    });
}

Task<void> expire(Parts parts, jobs::Job) {
    for (int slice = 0; slice < slices_per_run; ++slice) {
        const int expired = co_await parts.db.write(
            {}, [parts](db::Tx& tx) { return expire_trash(tx, parts.world, parts.kinds, parts.keep); });
        if (expired == 0) co_return;
    }
}

} // namespace

Result<void> erase_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId id) {
    auto item = TRY(require(tx, viewer, Action::Edit, id, world.clock.now()));
    if (!item.trashed_at || !cut_off(tx, id)) return fail(Error::Kind::Conflict, "sharing.not_trashed");
    record_event(tx, world, viewer, "item.erased", id, item.title);
    ask_for_purge(tx, world);
    return {};
}

Result<int> empty_trash(db::Tx& tx, World& world, const Viewer& viewer, ItemId space) {
    auto root = TRY(require(tx, viewer, Action::Manage, space, world.clock.now()));
    auto trash = store::trash_of(tx, root.id);
    if (!trash) return not_found("sharing.item");
    int count = 0;
    for (const auto& item : store::children_of(tx, *trash, most_at_once)) {
        if (!cut_off(tx, item.id)) continue;
        record_event(tx, world, viewer, "item.erased", item.id);
        ++count;
    }
    if (count > 0) ask_for_purge(tx, world);
    return count;
}

int purge_some(db::Tx& tx, World& world, const Kinds& kinds, int most) {
    int purged = 0;
    // A chain of folders has one leaf at a time: go on until the slice is full, in a bounded number of rounds.
    for (int round = 0; round < most && purged < most; ++round) {
        auto doomed = leaves(tx, most - purged);
        if (doomed.empty()) break;
        erase(tx, world, kinds, doomed);
        purged += static_cast<int>(doomed.size());
    }
    return purged;
}

int expire_trash(db::Tx& tx, World& world, const Kinds& kinds, Millis keep, int most) {
    auto shortest = keep;
    for (const auto& name : kinds.names()) shortest = std::min(shortest, kinds.of(name).retention.value_or(keep));
    const auto now = world.clock.now();
    int expired = 0;
    store::Doomed after;
    for (;;) {
        auto page = store::trashed_before(tx, now - shortest, after, most);
        for (const auto& item : page) {
            if (item.trashed_at >= now - kinds.of(item.kind).retention.value_or(keep)) continue;
            if (!cut_off(tx, item.id)) continue;
            record_event(tx, world, Viewer{}, "item.expired", item.id);
            ++expired;
        }
        if (std::ssize(page) < most || expired > 0) break; // a page that only waits longer leads to the next one
        after = page.back();
    }
    if (expired > 0) ask_for_purge(tx, world);
    return expired;
}

void install_purge(db::Database& db, World& world, const Kinds& kinds, Millis keep) {
    const Parts parts{.db = db, .world = world, .kinds = kinds, .keep = keep};
    world.jobs.handle(std::string{purge_job}, [parts](jobs::Job job) { return purge(parts, std::move(job)); },
                      {.at_once = 1});
    world.jobs.handle(std::string{expire_job}, [parts](jobs::Job job) { return expire(parts, std::move(job)); },
                      {.at_once = 1});
    world.jobs.every(1_h, std::string{expire_job});
}

} // namespace preau::sharing
