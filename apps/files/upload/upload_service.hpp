// From a stream of bytes to a file in a folder: first the bytes are stored durably, then one transaction names them. A
// crash, a refusal or a cut connection in between leaves bytes that no row names, which the sweep removes.
#pragma once

#include "base/task.hpp"
#include "files/files.hpp"
#include "files/upload/file_store.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace preau::files {

enum class IfTaken { Refuse, Number, Replace };

struct Upload { // what is asked of one file
    ItemId folder;
    std::string name;
    IfTaken if_taken = IfTaken::Refuse;
};

// What a form adds to its files at most: boundaries and headers. Only beyond that its length says that it cannot fit.
inline constexpr std::uint64_t most_form_overhead = 64 * 1024;

struct Room { // for what is about to come
    ItemId space;           // lane of the write that names it: its count of bytes is changed there
    Quota quota;
    std::int64_t left = 0;  // bytes that still fit, those of the file that is replaced included
};
// May these bytes come at all? Asked before the body is read, and again when they are named. `stated`: how many the
// sender says there are. Errors: those of sharing::require and check_name, files.not_a_folder, files.name_taken,
// files.quota.
Result<Room> check_upload(db::Tx& tx, const Files& files, const Viewer& viewer, const Upload& upload,
                          std::optional<std::uint64_t> stated);
// Whether so many more bytes fit into the space. Errors: files.quota.
Result<Room> check_room(db::Tx& tx, const Files& files, ItemId space, std::optional<std::uint64_t> stated,
                        std::int64_t replaced = 0);

struct Kept {
    sharing::Item item;
    FileRow file;
    bool replaced = false;
};
// Names stored bytes: item, row, reference, count of the space and event in one transaction, under the lane of the
// space. Errors: those of check_upload.
Result<Kept> keep_upload(db::Tx& tx, Files& files, const Viewer& viewer, const Upload& upload,
                         const blob::Stored& stored);

// Names stored bytes that somebody hands in: `Deposit` is enough, and taken names are numbered.
Result<Kept> keep_deposit(db::Tx& tx, Files& files, const Viewer& viewer, const Upload& upload,
                          const blob::Stored& stored);

// What files leave behind when their items are erased for good: rows, references, what they count in their spaces. Not
// for what only goes to the trash. In the transaction that erases the items, before it does.
void forget_files(db::Tx& tx, const std::vector<std::int64_t>& items);

// Reads more bytes into the buffer; 0 at the end.
using Pull = std::function<Task<Result<std::size_t>>(std::span<std::byte>)>;
// Stores a stream. Errors: those of `pull`, blob.storage_full, files.too_large above `most`, files.quota above what the
// room has left, files.checksum when `sha256` (hex) is stated and the bytes have another. After an error nothing is
// kept.
Task<Result<blob::Stored>> receive(blob::BlobStore& blobs, Pull pull, std::uint64_t most, Room room,
                                   std::string sha256);

// The SHA-256 that the sender states in Content-Digest or Repr-Digest (RFC 9530), as hex; empty: none stated. A body
// without content coding has the same bytes for both. Errors: files.digest_malformed.
Result<std::string> stated_sha256(std::string_view content_digest, std::string_view repr_digest);

// RFC 7578 §4.2: the file name of a form's part may come with a path, which is none of ours.
std::string base_name(std::string_view sent);

} // namespace preau::files
