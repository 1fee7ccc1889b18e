// Uploads that go on after a cut (tus 1.0): a row says whose they are, where they go and how much was acknowledged; the
// blob store has the bytes. A finished one is a file like any other, made in the transaction that says so.
//
// The last byte is acknowledged only together with the file: whoever hears that all bytes are there can rely on the
// file, and whoever is refused at the end (space full, right withdrawn, name taken) has lost nothing and may try again.
#pragma once

#include "files/upload/upload_service.hpp"

#include <optional>
#include <string>

namespace preau::files {

using UploadId = Id<struct UploadTag>;

struct Resumable {
    UploadId id;
    PersonId person; // whose it is, or
    LinkId link; // by which link its sender came
    ItemId folder;
    std::string path; // "a/b", folders that are made below `folder` when it is finished
    std::string name;
    IfTaken if_taken = IfTaken::Refuse;
    std::string first_name; // of who hands in; empty: not a hand-in
    std::int64_t length = 0;
    std::int64_t received = 0; // acknowledged
    Millis expires_at = 0;
    ItemId item; // what it became

    bool is_deposit() const { return !first_name.empty(); }
    bool finished() const { return bool{item}; }
    Upload upload() const { return {.folder = folder, .name = name, .if_taken = if_taken}; }
};
PREAU_DESCRIBE(Resumable, id, person, link, folder, path, name, if_taken, first_name, length, received, expires_at,
               item)

inline constexpr Millis upload_rests = 1_days; // that long after its last bytes it can be gone on with
inline constexpr int most_open_uploads = 1000; // of one person, or of one link

struct Wanted { // what a creation asks for
    ItemId folder;
    std::string path;
    std::string name;
    IfTaken if_taken = IfTaken::Refuse;
    std::string first_name;
    std::uint64_t length = 0;
};
// A row for `wanted`. Whoever may edit uploads; whoever may only hand in has to say a first name. Errors: those of
// check_upload or check_deposit, of check_name (also for each folder of the path), files.too_large,
// files.too_many_uploads.
Result<Resumable> begin_upload(db::Tx& tx, Files& files, const Viewer& viewer, const Wanted& wanted,
                               std::string_view token);
// The viewer's own by the secret of its address. Errors: files.upload_unknown (NotFound), files.upload_expired (Gone).
Result<Resumable> find_upload(db::Tx& tx, const Files& files, const Viewer& viewer, std::string_view token);
// May more bytes come? The right may have been withdrawn, the folder thrown away, the space filled meanwhile. Answers
// the lane of the write that finishes it. Errors: those of check_upload, check_deposit.
Result<Room> check_going_on(db::Tx& tx, const Files& files, const Viewer& viewer, const Resumable& upload);
// Makes the file, or the hand-in with its receipt, and the folders on the way. Errors: those of keep_upload, hand_in,
// files.path_is_file.
Result<Resumable> finish_upload(db::Tx& tx, Files& files, const Viewer& viewer, UploadId id, const blob::Stored& stored,
                                const std::string& receipt_token, const std::string& handins);
// Gives up an upload, finished or not; its file stays. Its bytes go when the transaction is committed.
void drop_upload(db::Tx& tx, Files& files, UploadId id);
// Some that nobody went on with for a day. Answers how many.
int purge_uploads(db::Tx& tx, Files& files);

// The receipt of a hand-in by this upload: found again when the answer was lost, because it follows from the secret.
std::string receipt_token_of(std::string_view upload_token);

} // namespace preau::files

namespace preau::files::store {

void insert_upload(db::Tx& tx, const Resumable& upload, std::string_view token_hash);
std::optional<Resumable> find_upload_by_token(db::Tx& tx, std::string_view token_hash);
std::optional<Resumable> find_upload_by_id(db::Tx& tx, UploadId id);
std::int64_t open_uploads(db::Tx& tx, PersonId person, LinkId link, int most);
void set_received(db::Tx& tx, UploadId id, std::int64_t received, Millis expires_at);
void set_finished(db::Tx& tx, UploadId id, ItemId item);
bool delete_upload(db::Tx& tx, UploadId id);
std::vector<UploadId> expired_uploads(db::Tx& tx, Millis now, int most);

} // namespace preau::files::store
