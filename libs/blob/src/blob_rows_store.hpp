// SQL of the rows that name stored bytes.
#pragma once

#include "blob/blob_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace preau::blob::store {

struct Named {
    BlobId id;
    std::string locator;
};
PREAU_DESCRIBE(Named, id, locator)

// The row of these bytes, made if there was none, and held until the transaction ends.
Named insert_or_hold(db::Tx& tx, BlobId id, const Stored& stored);
// False if there is no such row. Holds it until the transaction ends.
bool hold(db::Tx& tx, BlobId id);
void insert_reference(db::Tx& tx, BlobId blob, std::int64_t owner);
void mark_loose(db::Tx& tx, std::int64_t owner);
void delete_references(db::Tx& tx, std::int64_t owner);
std::optional<Stored> find_stored(db::Tx& tx, BlobId id);
void each_stored(db::Tx& tx, const std::function<void(const Stored&)>& visit);
std::vector<Found> find_all(db::Tx& tx, std::span<const std::int64_t> ids);
void set_crc32(db::Tx& tx, BlobId id, std::uint32_t crc32);

// At most `most` blobs that lost a reference, locked; those that others hold just now are left for the next time.
std::vector<BlobId> take_loose(db::Tx& tx, int most);
// Of these, deletes the rows without any reference. Answers their locators.
std::vector<std::string> delete_unreferenced(db::Tx& tx, const std::vector<BlobId>& blobs);

bool is_named(db::Tx& tx, std::string_view hash_bytes, std::string_view locator);

} // namespace preau::blob::store
