#include "blob_rows_store.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

namespace preau::blob::store {
namespace {

// DO UPDATE, not DO NOTHING: the update locks a row that is already there, so that a collector cannot take it away
// before this transaction's reference is to be seen; and where a collector was quicker, the insertion is made anew.
const db::Query insert_or_hold_sql{"blob.insert_or_hold", R"(
    INSERT INTO blob (id, hash, size, locator, crc32) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (hash) DO UPDATE SET size = excluded.size, crc32 = excluded.crc32
    RETURNING id, locator)"};

const db::Query hold_sql{"blob.hold", R"(
    UPDATE blob SET size = size WHERE id = $1)"};

const db::Query insert_reference_sql{"blob.insert_reference", R"(
    INSERT INTO blob_ref (blob, owner) VALUES ($1, $2) ON CONFLICT (blob, owner) DO NOTHING)"};

// DO UPDATE again: a collector that has the mark in its hands is waited for, and the mark is then set anew.
const db::Query mark_loose_sql{"blob.mark_loose", R"(
    INSERT INTO blob_loose (blob) SELECT blob FROM blob_ref WHERE owner = $1 ORDER BY blob
        ON CONFLICT (blob) DO UPDATE SET blob = excluded.blob)"};

const db::Query delete_references_sql{"blob.delete_references", R"(
    DELETE FROM blob_ref WHERE owner = $1)"};

const db::Query find_stored_sql{"blob.find", R"(
    SELECT hash, size, locator, crc32 FROM blob WHERE id = $1)"};

const db::Query find_all_sql{"blob.find_all", R"(
    SELECT id, locator, crc32 FROM blob WHERE id $IDS(1) ORDER BY id)"};

const db::Query set_crc32_sql{"blob.set_crc32", R"(
    UPDATE blob SET crc32 = $2 WHERE id = $1)"};

// Locks both rows, or neither: the collector never waits for anybody, so it can be part of no deadlock.
const db::Query loose_sql{"blob.loose", R"(
    SELECT b.id FROM blob_loose l JOIN blob b ON b.id = l.blob ORDER BY b.id LIMIT $1 $SKIP_LOCKED)"};

const db::Query forget_loose_sql{"blob.forget_loose", R"(
    DELETE FROM blob_loose WHERE blob $IDS(1))"};

// A statement of its own behind the locks: on PostgreSQL it sees the references committed until the locks were had.
const db::Query delete_unreferenced_sql{"blob.delete_unreferenced", R"(
    DELETE FROM blob WHERE id $IDS(1) AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.blob = blob.id)
    RETURNING locator)"};

const db::Query is_named_sql{"blob.is_named", R"(
    SELECT id FROM blob WHERE hash = $1 AND locator = $2)"};

// By the index of the hash; locators begin with it, so theirs is the same order.
const db::Query all_stored_sql{"blob.all", R"(
    SELECT hash, size, locator FROM blob ORDER BY hash)"};

struct StoredRow {
    std::string hash;
    std::int64_t size = 0;
    std::string locator;
    std::optional<std::int64_t> crc32;
};
PREAU_DESCRIBE(StoredRow, hash, size, locator, crc32)

struct FoundRow {
    BlobId id;
    std::string locator;
    std::optional<std::int64_t> crc32;
};
PREAU_DESCRIBE(FoundRow, id, locator, crc32)

std::optional<std::uint32_t> crc32_of(std::optional<std::int64_t> stored) {
    if (!stored) return std::nullopt;
    return static_cast<std::uint32_t>(*stored);
}

} // namespace

Named insert_or_hold(db::Tx& tx, BlobId id, const Stored& stored) {
    auto hash = hex_decode(stored.hash);
    PREAU_ASSERT(hash && hash->size() == 32);
    auto rows = tx.all<Named>(insert_or_hold_sql, {id, db::Bytes{*hash}, stored.size, stored.locator, stored.crc32});
    PREAU_ASSERT(rows.size() == 1);
    return rows.front();
}

bool hold(db::Tx& tx, BlobId id) { return tx.execute(hold_sql, {id}) == 1; }

void insert_reference(db::Tx& tx, BlobId blob, std::int64_t owner) { tx.execute(insert_reference_sql, {blob, owner}); }

void mark_loose(db::Tx& tx, std::int64_t owner) { tx.execute(mark_loose_sql, {owner}); }

void delete_references(db::Tx& tx, std::int64_t owner) { tx.execute(delete_references_sql, {owner}); }

std::optional<Stored> find_stored(db::Tx& tx, BlobId id) {
    auto row = tx.one<StoredRow>(find_stored_sql, {id});
    if (!row) return std::nullopt;
    return Stored{
        .hash = hex(row->hash), .size = row->size, .locator = std::move(row->locator), .crc32 = crc32_of(row->crc32)};
}

void each_stored(db::Tx& tx, const std::function<void(const Stored&)>& visit) {
    tx.each(all_stored_sql, {}, [&visit](const db::Row& row) {
        visit({.hash = hex(row.bytes(0)), .size = row.integer(1), .locator = std::string{row.text(2)}});
    });
}

std::vector<Found> find_all(db::Tx& tx, std::span<const std::int64_t> ids) {
    std::vector<Found> found;
    for (auto& row : tx.all<FoundRow>(find_all_sql, {db::Ids{ids}}))
        found.push_back({.id = row.id, .locator = std::move(row.locator), .crc32 = crc32_of(row.crc32)});
    return found;
}

void set_crc32(db::Tx& tx, BlobId id, std::uint32_t crc32) { tx.execute(set_crc32_sql, {id, crc32}); }

std::vector<BlobId> take_loose(db::Tx& tx, int most) { return tx.all<BlobId>(loose_sql, {most}); }

std::vector<std::string> delete_unreferenced(db::Tx& tx, const std::vector<BlobId>& blobs) {
    std::vector<std::int64_t> ids;
    ids.reserve(blobs.size());
    for (auto blob : blobs) ids.push_back(blob.value);
    tx.execute(forget_loose_sql, {db::Ids{ids}});
    return tx.all<std::string>(delete_unreferenced_sql, {db::Ids{ids}});
}

bool is_named(db::Tx& tx, std::string_view hash_bytes, std::string_view locator) {
    return tx.one<BlobId>(is_named_sql, {db::Bytes{hash_bytes}, locator}).has_value();
}

} // namespace preau::blob::store
