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

Result<Kept> replace(db::Tx& tx, sharing::World& world, blob::BlobStore& blobs, const Viewer& viewer, ItemId id,
                     const blob::Stored& stored) {
    auto item = TRY(sharing::require(tx, viewer, Action::Edit, id, world.clock.now()));
    if (item.kind != "file") return name_taken(item.title);
    blob::release(tx, id.value);
    auto row = row_of(world, item, blob::add(tx, world.ids, blobs, stored, id.value), stored);
    store::update_file(tx, row);
    sharing::touch(tx, id, world.clock.now());
    sharing::record_event(tx, world, viewer, "file.replaced", id);
    ++item.revision;
    item.changed_at = world.clock.now();
    return Kept{.item = item, .file = row, .replaced = true};
}

Result<Kept> keep(db::Tx& tx, sharing::World& world, blob::BlobStore& blobs, const Viewer& viewer,
                  const sharing::NewItem& wanted, const blob::Stored& stored, Action needed, std::string_view event) {
    auto item = TRY(sharing::create_item(tx, world, viewer, wanted, needed));
    TRY(check_container(tx, wanted.parent));
    auto row = row_of(world, item, blob::add(tx, world.ids, blobs, stored, item.id.value), stored);
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

Result<void> check_upload(db::Tx& tx, const Viewer& viewer, const Upload& upload, Millis now) {
    auto folder = TRY(sharing::require(tx, viewer, Action::Edit, upload.folder, now));
    if (!is_container(folder.kind)) return fail(Error::Kind::Invalid, "files.not_a_folder");
    auto name = TRY(check_name(upload.name));
    if (upload.if_taken == IfTaken::Refuse && store::find_child(tx, upload.folder, name)) return name_taken(name);
    return {};
}

Result<Kept> keep_upload(db::Tx& tx, sharing::World& world, blob::BlobStore& blobs, const Viewer& viewer,
                         const Upload& upload, const blob::Stored& stored) {
    using Taken = sharing::NewItem::IfTaken;
    if (upload.if_taken != IfTaken::Number) {
        // Again under the folder's lane: somebody may have taken the name while the bytes were coming.
        TRY(sharing::require(tx, viewer, Action::Edit, upload.folder, world.clock.now()));
        auto name = TRY(check_name(upload.name));
        if (auto there = store::find_child(tx, upload.folder, name)) {
            if (upload.if_taken == IfTaken::Refuse) return name_taken(name);
            return replace(tx, world, blobs, viewer, there->id, stored);
        }
    }
    auto taken = upload.if_taken == IfTaken::Number ? Taken::Number : Taken::Refuse;
    return keep(tx, world, blobs, viewer,
                {.parent = upload.folder, .kind = "file", .title = upload.name, .if_taken = taken}, stored,
                Action::Edit, "file.uploaded");
}

Result<Kept> keep_deposit(db::Tx& tx, sharing::World& world, blob::BlobStore& blobs, const Viewer& viewer,
                          const Upload& upload, const blob::Stored& stored) {
    return keep(
        tx, world, blobs, viewer,
        {.parent = upload.folder, .kind = "file", .title = upload.name, .if_taken = sharing::NewItem::IfTaken::Number},
        stored, Action::Deposit, "file.handed_in");
}

Task<Result<blob::Stored>> receive(blob::BlobStore& blobs, Pull pull, std::uint64_t most, std::string sha256) {
    auto writer = blobs.create();
    if (!writer) co_return std::unexpected(writer.error());
    auto buffer = std::make_unique<std::byte[]>(buffer_bytes);
    for (;;) {
        std::span<std::byte> room{buffer.get(), buffer_bytes};
        auto got = co_await pull(room);
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) break;
        if (static_cast<std::uint64_t>((*writer)->written()) + *got > most)
            co_return fail(Error::Kind::TooLarge, "files.too_large");
        auto written = co_await (*writer)->write(room.first(*got));
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
