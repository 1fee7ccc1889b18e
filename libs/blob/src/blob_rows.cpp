// Who holds which bytes. The rule throughout: bytes first, then the row; row gone first, then the bytes.
#include "blob/blob_store.hpp"

#include "base/embedded.hpp"
#include "blob_rows_store.hpp"

namespace preau::embedded {
std::span<const EmbeddedFile> blob_migrations();
}

namespace preau::blob {
namespace {
constexpr db::Lane collector_lane{0x626C6F62}; // one collector at a time, whoever calls it
}

BlobId add(db::Tx& tx, IdSource& ids, BlobStore& store, const Stored& stored, std::int64_t owner) {
    auto named = store::insert_or_hold(tx, ids.next_as<BlobId>(), stored);
    store::insert_reference(tx, named.id, owner);
    // Only after commit: until then a collector that was quicker may still make this file the one that is named.
    if (named.locator != stored.locator)
        tx.after_commit([&store, locator = stored.locator] { store.discard(locator); });
    return named.id;
}

bool share(db::Tx& tx, BlobId id, std::int64_t owner) {
    if (!store::hold(tx, id)) return false;
    store::insert_reference(tx, id, owner);
    return true;
}

void release(db::Tx& tx, std::int64_t owner) {
    store::mark_loose(tx, owner);
    store::delete_references(tx, owner);
}

std::optional<Stored> find(db::Tx& tx, BlobId id) { return store::find_stored(tx, id); }

void each_stored(db::Tx& tx, const std::function<void(const Stored&)>& visit) { store::each_stored(tx, visit); }

std::vector<Found> find_all(db::Tx& tx, std::span<const std::int64_t> ids) {
    if (ids.empty()) return {};
    return store::find_all(tx, ids);
}

void set_crc32(db::Tx& tx, BlobId id, std::uint32_t crc32) { store::set_crc32(tx, id, crc32); }

std::size_t collect(db::Database& db, BlobStore& store, int most) {
    auto locators = db.write_now(
        [most](db::Tx& tx) {
            auto loose = store::take_loose(tx, most);
            return loose.empty() ? std::vector<std::string>{} : store::delete_unreferenced(tx, loose);
        },
        collector_lane);
    for (const auto& locator : locators) store.remove(locator);
    return locators.size();
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> all;
    for (const auto& file : embedded::blob_migrations())
        all.push_back({.name = "blob/" + std::string{file.name}, .sql = std::string{file.data}});
    return all;
}

} // namespace preau::blob
