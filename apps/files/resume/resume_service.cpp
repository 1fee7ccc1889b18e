#include "files/resume/resume.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "files/family/deposit_service.hpp"
#include "files/folder/folder_path.hpp"

#include <algorithm>

namespace preau::files {
namespace {

bool may_only_deposit(db::Tx& tx, const Files& files, const Viewer& viewer, ItemId folder) {
    auto standing = sharing::standing(tx, viewer, folder, files.world.clock.now());
    return standing.can(Action::Deposit) && !standing.can(Action::Edit);
}

Result<ItemId> keep_as_file(db::Tx& tx, Files& files, const Viewer& viewer, const Resumable& row,
                            const blob::Stored& stored) {
    TRY(sharing::require(tx, viewer, Action::Edit, row.folder, files.world.clock.now()));
    auto upload = row.upload();
    upload.folder = TRY(folder_at_path(tx, files.world, viewer, row.folder, row.path));
    auto kept = TRY(keep_upload(tx, files, viewer, upload, stored));
    return kept.item.id;
}

Result<ItemId> keep_as_deposit(db::Tx& tx, Files& files, const Viewer& viewer, const Resumable& row,
                               const blob::Stored& stored, const std::string& receipt_token,
                               const std::string& handins) {
    HandIn given{.folder = row.folder,
                 .name = row.first_name,
                 .folder_name = handins,
                 .token_hash = sha256(receipt_token),
                 .files = {{.name = row.name, .stored = stored}}};
    auto receipt = TRY(hand_in(tx, files, viewer, given));
    auto lines = store::receipt_lines(tx, receipt.id);
    return lines.front().item;
}

} // namespace

Result<Resumable> begin_upload(db::Tx& tx, Files& files, const Viewer& viewer, const Wanted& wanted,
                               std::string_view token) {
    auto& world = files.world;
    Resumable row{.id = world.ids.next_as<UploadId>(),
                  .person = viewer.is_person() ? viewer.person : PersonId{},
                  .link = viewer.is_person() || viewer.links.empty() ? LinkId{} : viewer.links.back(),
                  .folder = wanted.folder,
                  .path = wanted.path,
                  .name = wanted.name,
                  .if_taken = wanted.if_taken,
                  .length = static_cast<std::int64_t>(wanted.length),
                  .expires_at = world.clock.now() + upload_rests};
    if (may_only_deposit(tx, files, viewer, wanted.folder)) {
        row.first_name = TRY(check_first_name(wanted.first_name));
        row.path.clear();
    }
    TRY(names_in_path(row.path));
    row.name = TRY(check_name(base_name(row.name), "name"));
    if (wanted.length > (row.is_deposit() ? files.limits.deposit : files.limits.upload))
        return fail(Error::Kind::TooLarge, "files.too_large");
    TRY(check_going_on(tx, files, viewer, row));
    if (store::open_uploads(tx, row.person, row.link, most_open_uploads) >= most_open_uploads)
        return fail(Error::Kind::Throttled, "files.too_many_uploads");
    store::insert_upload(tx, row, sha256(token));
    return row;
}

Result<Resumable> find_upload(db::Tx& tx, const Files& files, const Viewer& viewer, std::string_view token) {
    auto row = store::find_upload_by_token(tx, sha256(token));
    if (!row) return not_found("files.upload_unknown");
    const bool own = row->person ? viewer.is_person() && viewer.person == row->person
                                 : std::ranges::count(viewer.links, row->link) > 0;
    if (!own) return not_found("files.upload_unknown");
    if (row->expires_at <= files.world.clock.now()) return fail(Error::Kind::Gone, "files.upload_expired");
    return *std::move(row);
}

Result<Room> check_going_on(db::Tx& tx, const Files& files, const Viewer& viewer, const Resumable& row) {
    const auto length = static_cast<std::uint64_t>(row.length);
    if (row.is_deposit()) return check_deposit(tx, files, viewer, row.folder, length);
    auto standing = sharing::standing(tx, viewer, row.folder, files.world.clock.now());
    if (standing.trashed && standing.can(Action::View)) return fail(Error::Kind::Conflict, "sharing.trashed");
    // Whether the name is taken at the end of a path is known only once the folders are made.
    auto upload = row.upload();
    if (!row.path.empty()) upload.if_taken = IfTaken::Number;
    return check_upload(tx, files, viewer, upload, length);
}

Result<Resumable> finish_upload(db::Tx& tx, Files& files, const Viewer& viewer, UploadId id, const blob::Stored& stored,
                                const std::string& receipt_token, const std::string& handins) {
    auto row = store::find_upload_by_id(tx, id);
    if (!row) return not_found("files.upload_unknown"); // given up meanwhile
    if (row->finished()) return *std::move(row);
    if (row->is_deposit())
        row->item = TRY(keep_as_deposit(tx, files, viewer, *row, stored, receipt_token, handins));
    else
        row->item = TRY(keep_as_file(tx, files, viewer, *row, stored));
    row->received = row->length;
    store::set_finished(tx, id, row->item);
    tx.after_commit([&files, name = to_text(id)] { files.blobs.drop_partial(name); });
    return *std::move(row);
}

void drop_upload(db::Tx& tx, Files& files, UploadId id) {
    if (store::delete_upload(tx, id)) tx.after_commit([&files, name = to_text(id)] { files.blobs.drop_partial(name); });
}

int purge_uploads(db::Tx& tx, Files& files) {
    constexpr int most = 200;
    auto expired = store::expired_uploads(tx, files.world.clock.now(), most);
    for (auto id : expired) drop_upload(tx, files, id);
    return static_cast<int>(expired.size());
}

std::string receipt_token_of(std::string_view upload_token) {
    return base64url(sha256("receipt of " + std::string{upload_token}).substr(0, 16));
}

} // namespace preau::files
