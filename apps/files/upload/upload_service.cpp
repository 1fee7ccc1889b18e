#include "files/upload/upload_service.hpp"

#include "base/text.hpp"
#include "files/folder/folder_service.hpp"
#include "files/upload/media_type.hpp"

#include <memory>

namespace preau::files {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

std::unexpected<Error> name_taken(std::string_view name) {
    return std::unexpected(Error{.kind = Error::Kind::Conflict,
                                 .key = "files.name_taken",
                                 .field = "name",
                                 .values = {{"name", std::string{name}}}});
}

FileRow row_of(const sharing::World& world, const sharing::Item& item, blob::BlobId blob, const blob::Stored& stored) {
    return {.item = item.id,
            .blob = blob,
            .size = stored.size,
            .mtime = world.clock.now(),
            .sha256 = stored.hash,
            .type = std::string{media_type_of(item.title).type}};
}

Result<Kept> replace(db::Tx& tx, Files& files, const Viewer& viewer, ItemId id, const blob::Stored& stored) {
    auto& world = files.world;
    auto item = TRY(sharing::require(tx, viewer, Action::Edit, id, world.clock.now()));
    if (item.kind != "file") return name_taken(item.title);
    auto before = store::find_file(tx, id);
    TRY(charge(tx, files.limits.quota, item.space, stored.size - (before ? before->size : 0)));
    blob::release(tx, id.value);
    auto row = row_of(world, item, blob::add(tx, world.ids, files.blobs, stored, id.value), stored);
    store::update_file(tx, row);
    sharing::touch(tx, id, world.clock.now());
    sharing::record_event(tx, world, viewer, "file.replaced", id);
    ++item.revision;
    item.changed_at = world.clock.now();
    return Kept{.item = item, .file = row, .replaced = true};
}

Result<Kept> keep(db::Tx& tx, Files& files, const Viewer& viewer, const sharing::NewItem& wanted,
                  const blob::Stored& stored, Action needed, std::string_view event) {
    auto& world = files.world;
    auto item = TRY(sharing::create_item(tx, world, viewer, wanted, needed));
    TRY(check_container(tx, wanted.parent));
    TRY(charge(tx, files.limits.quota, item.space, stored.size));
    auto row = row_of(world, item, blob::add(tx, world.ids, files.blobs, stored, item.id.value), stored);
    store::insert_file(tx, row);
    sharing::record_event(tx, world, viewer, event, item.id);
    return Kept{.item = item, .file = row};
}

// One `sha-256=:BASE64:` among the members of a dictionary (RFC 9530 §2, RFC 9651 §3.2); other algorithms are passed
// over.
Result<std::string> sha256_in(std::string_view header) {
    for (auto member : split(header, ',')) {
        auto text = trimmed(member);
        if (!to_lower_ascii(text.substr(0, 8)).starts_with("sha-256=")) continue;
        auto value = text.substr(8);
        if (value.size() < 2 || value.front() != ':' || value.back() != ':')
            return fail(Error::Kind::Malformed, "files.digest_malformed");
        auto bytes = base64_decode(value.substr(1, value.size() - 2));
        if (!bytes || bytes->size() != 32) return fail(Error::Kind::Malformed, "files.digest_malformed");
        return hex(*bytes);
    }
    return std::string{};
}

} // namespace

Result<Room> check_room(db::Tx& tx, const Files& files, ItemId space, std::optional<std::uint64_t> stated,
                        std::int64_t replaced) {
    auto quota = quota_of(tx, files.limits.quota, space);
    // A smaller version always fits, also where less is allowed than lies there.
    Room room{.space = space, .quota = quota, .left = std::max(quota.limit - quota.used + replaced, replaced)};
    if (stated.value_or(0) > static_cast<std::uint64_t>(room.left)) return over_quota(quota);
    return room;
}

Result<Room> check_upload(db::Tx& tx, const Files& files, const Viewer& viewer, const Upload& upload,
                          std::optional<std::uint64_t> stated) {
    auto folder = TRY(sharing::require(tx, viewer, Action::Edit, upload.folder, files.world.clock.now()));
    if (!is_container(folder.kind)) return fail(Error::Kind::Invalid, "files.not_a_folder");
    auto name = TRY(check_name(upload.name));
    auto there = upload.if_taken == IfTaken::Number ? std::nullopt : store::find_child(tx, upload.folder, name);
    if (there && upload.if_taken == IfTaken::Refuse) return name_taken(name);
    auto replaced = there ? store::find_file(tx, there->id) : std::nullopt;
    return check_room(tx, files, folder.space, stated, replaced ? replaced->size : 0);
}

Result<Kept> keep_upload(db::Tx& tx, Files& files, const Viewer& viewer, const Upload& upload,
                         const blob::Stored& stored) {
    using Taken = sharing::NewItem::IfTaken;
    if (upload.if_taken != IfTaken::Number) {
        // Again under the lane: somebody may have taken the name while the bytes were coming.
        TRY(sharing::require(tx, viewer, Action::Edit, upload.folder, files.world.clock.now()));
        auto name = TRY(check_name(upload.name));
        if (auto there = store::find_child(tx, upload.folder, name)) {
            if (upload.if_taken == IfTaken::Refuse) return name_taken(name);
            return replace(tx, files, viewer, there->id, stored);
        }
    }
    auto taken = upload.if_taken == IfTaken::Number ? Taken::Number : Taken::Refuse;
    return keep(tx, files, viewer, {.parent = upload.folder, .kind = "file", .title = upload.name, .if_taken = taken},
                stored, Action::Edit, "file.uploaded");
}

Result<Kept> keep_deposit(db::Tx& tx, Files& files, const Viewer& viewer, const Upload& upload,
                          const blob::Stored& stored) {
    return keep(
        tx, files, viewer,
        {.parent = upload.folder, .kind = "file", .title = upload.name, .if_taken = sharing::NewItem::IfTaken::Number},
        stored, Action::Deposit, "file.handed_in");
}

void forget_files(db::Tx& tx, const std::vector<std::int64_t>& items) {
    if (items.empty()) return;
    give_back_of(tx, items);
    for (auto item : items) blob::release(tx, item);
    store::delete_files(tx, items);
}

Task<Result<blob::Stored>> receive(blob::BlobStore& blobs, Pull pull, std::uint64_t most, Room room,
                                   std::string sha256) {
    auto writer = blobs.create();
    if (!writer) co_return std::unexpected(writer.error());
    auto buffer = std::make_unique<std::byte[]>(buffer_bytes);
    for (;;) {
        std::span<std::byte> space{buffer.get(), buffer_bytes};
        auto got = co_await pull(space);
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) break;
        auto sum = static_cast<std::uint64_t>((*writer)->written()) + *got;
        if (sum > most) co_return fail(Error::Kind::TooLarge, "files.too_large");
        if (sum > static_cast<std::uint64_t>(room.left)) co_return over_quota(room.quota);
        auto written = co_await (*writer)->write(space.first(*got));
        if (!written) co_return std::unexpected(written.error());
    }
    auto stored = co_await (*writer)->finish();
    if (stored && !sha256.empty() && stored->hash != sha256) {
        blobs.remove(stored->locator);
        co_return fail(Error::Kind::Invalid, "files.checksum");
    }
    co_return stored;
}

Result<std::string> stated_sha256(std::string_view content_digest, std::string_view repr_digest) {
    auto stated = TRY(sha256_in(content_digest));
    if (!stated.empty()) return stated;
    return sha256_in(repr_digest);
}

std::string base_name(std::string_view sent) {
    auto slash = sent.find_last_of("/\\");
    return std::string{slash == std::string_view::npos ? sent : sent.substr(slash + 1)};
}

} // namespace preau::files
