// Bytes, content-addressed, durable before the row that names them.
//
// A file on disk has a unique name (hash and nonce): two writers of the same bytes never race for one name. The row
// `blob(id, hash, size, locator)` names the file; references are rows `blob_ref(blob, owner)`, not counters. Collection
// deletes rows before files; a writer that finds its row gone writes again (DESIGN §9).
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "db/database.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace preau::blob {

using BlobId = Id<struct BlobTag>;

struct Stored { // what a finished upload is, before a row names it
    std::string hash; // SHA-256, hex
    std::int64_t size = 0;
    std::string locator; // path below the store's directory
    // CRC-32 of the bytes, as ZIP has it; rows from before it was kept have none until `crc32` was asked.
    std::optional<std::uint32_t> crc32 = {};
};

struct Source { // how to read: Readers get (descriptor, offset, length), so that packs and S3 fit later
    std::shared_ptr<const int> descriptor; // shared: the kernel's file stays open while any response sends from it
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// One upload. Destroyed without `finish`, it leaves nothing behind. Writes run on the store's own threads, never on an
// I/O thread; the buffer and the writer must stay until the task ended. One task at a time.
class Writer {
public:
    virtual ~Writer() = default;
    // Errors: blob.storage_full (ENOSPC, EDQUOT, EFBIG); the upload is then over, whatever space is freed later.
    virtual Task<Result<void>> write(std::span<const std::byte> bytes) = 0;
    // fdatasync of the file, rename into place, fsync of the directory; then it may be named by a row.
    virtual Task<Result<Stored>> finish() = 0;
    virtual std::int64_t written() const = 0;
};

// An upload that goes on after its connection, and after the process: what `sync` acknowledged is there again, whatever
// dies. Its bytes stand under a name of the caller's choice until `drop_partial`. One holder at a time, in whatever
// process. Destroyed, it keeps what was synced. One task at a time; the caller remembers the offset that it was told.
class Partial {
public:
    virtual ~Partial() = default;
    // Before the first write. The next byte goes to `offset`, which was synced once; what stands behind it goes. After
    // a restart the bytes before are read once more for their digests. Errors: blob.missing when they are not there.
    virtual Task<Result<void>> start_at(std::int64_t offset) = 0;
    // Errors: blob.storage_full; then what was not synced is lost, and start_at goes on.
    virtual Task<Result<void>> write(std::span<const std::byte> bytes) = 0;
    virtual Task<Result<void>> sync() = 0; // until here nothing is lost any more
    virtual std::int64_t written() const = 0;
    // Synced and in place, ready to be named by a row: a second name of the same file, no byte is copied. The name of
    // the partial stays, so that a transaction that fails has lost nothing: it may be finished again.
    virtual Task<Result<Stored>> finish() = 0;
};

// Outlives its writers and the databases whose transactions it was passed to.
class BlobStore {
public:
    virtual ~BlobStore() = default; // waits for what was discarded
    virtual Result<std::unique_ptr<Writer>> create() = 0;
    // `name`: 1 to 40 of a-z 0-9. Made when there is none. Errors: blob.busy (Conflict) while another one holds it.
    virtual Task<Result<std::unique_ptr<Partial>>> open_partial(std::string name) = 0;
    virtual void drop_partial(std::string name) = 0; // on the store's own threads; no error if gone
    virtual Task<Result<Source>> open(std::string locator) = 0; // errors: blob.missing
    // Copies bytes of another store to here, under the same locator and durably, which is what backups are made of.
    // True: copied; false: they were here. Errors: blob.damaged (the bytes are not those of the locator's hash: nothing
    // was kept), blob.storage_full.
    virtual Task<Result<bool>> adopt(std::string locator, Source from) = 0;
    virtual Task<Result<std::uint32_t>> crc32(std::string locator) = 0; // reads all of it; errors: blob.missing
    virtual void remove(const std::string& locator) = 0; // blocks; no error when already gone
    virtual void discard(std::string locator) = 0; // `remove` on the store's own threads
    // Removes uploads that a crash left unfinished, partial ones that nobody touched for three days, and files that no
    // row names and that are older than a day. Answers how many. Blocks: for a job's thread.
    virtual std::size_t sweep(db::Database& db, Millis now) = 0;
};

struct LocalOptions {
    std::filesystem::path directory;
    int threads = 4; // mostly asleep in fdatasync
};
std::unique_ptr<BlobStore> open_local(const LocalOptions& options);

// Rows. `add` names stored bytes and references them for `owner` in the caller's transaction; identical bytes that are
// already there share a row, and the new file is removed after commit.
BlobId add(db::Tx& tx, IdSource& ids, BlobStore& store, const Stored& stored, std::int64_t owner);
// One more owner for bytes that are named already (a copy, a version); false if they are gone.
bool share(db::Tx& tx, BlobId id, std::int64_t owner);
void release(db::Tx& tx, std::int64_t owner); // drops all references of an owner
std::optional<Stored> find(db::Tx& tx, BlobId id);
// All named bytes in the order of their locators, streamed. No other query may run inside.
void each_stored(db::Tx& tx, const std::function<void(const Stored&)>& visit);
// Reads all bytes again. Errors: blob.damaged. Blocks.
Result<void> verify(const Source& source, std::string_view locator);
struct Found {
    BlobId id;
    std::string locator;
    std::optional<std::uint32_t> crc32;
};
std::vector<Found> find_all(db::Tx& tx, std::span<const std::int64_t> ids); // those that are there, by id
void set_crc32(db::Tx& tx, BlobId id, std::uint32_t crc32); // of a row from before it was kept
// Deletes rows that lost their last reference (looks at no more than `most`), then their files. Answers how many.
// Blocks.
std::size_t collect(db::Database& db, BlobStore& store, int most);
std::vector<db::Migration> migrations();

} // namespace preau::blob
