// From what a browser sends to two squares, and from those to rows.
#include "portal/profile/person_picture.hpp"

#include "http/multipart.hpp"
#include "identity/profile.hpp"

#include <array>
#include <span>
#include <unistd.h>

namespace preau::portal {
namespace {

std::unexpected<Error> unreadable() { return invalid("picture", "portal.picture_unreadable"); }

Task<Result<blob::Stored>> store_part(Portal& portal, http::MultipartReader* parts) {
    auto writer = portal.blobs->create();
    if (!writer) co_return std::unexpected(writer.error());
    std::array<std::byte, 64 * 1024> buffer;
    for (;;) {
        auto got = co_await parts->read(buffer);
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) break;
        auto written = co_await (*writer)->write(std::span{buffer}.first(*got));
        if (!written) co_return std::unexpected(written.error());
        if (static_cast<std::uint64_t>((*writer)->written()) > largest_picture)
            co_return fail(Error::Kind::TooLarge, "portal.picture_too_large", "picture");
    }
    if ((*writer)->written() == 0) co_return invalid("picture", "portal.picture_none"); // nothing was chosen
    co_return co_await (*writer)->finish();
}

Task<Result<blob::Stored>> received(Portal& portal, http::Request& request) {
    http::MultipartReader parts{*request.stream, request.headers.find("content-type")};
    for (;;) {
        auto part = co_await parts.next();
        if (!part) co_return std::unexpected(part.error());
        if (!*part) co_return invalid("picture", "portal.picture_none");
        if ((*part)->name != "picture") continue;
        if (!portal.blobs || !portal.previews) co_return fail(Error::Kind::Unavailable, "portal.picture_off");
        co_return co_await store_part(portal, &parts);
    }
}

// A file of our own, and not the one of the cache of previews: that may be collected before our row names its bytes.
Task<Result<blob::Stored>> copied(blob::BlobStore& blobs, std::string locator) {
    constexpr std::uint64_t most = 1024 * 1024; // of 320 × 320 pixels
    auto source = co_await blobs.open(std::move(locator));
    if (!source) co_return std::unexpected(source.error());
    if (source->length > most) co_return unreadable();
    std::string bytes(source->length, '\0');
    const auto got = ::pread(*source->descriptor, bytes.data(), bytes.size(), static_cast<off_t>(source->offset));
    if (got != static_cast<ssize_t>(bytes.size())) co_return unreadable();
    auto writer = blobs.create();
    if (!writer) co_return std::unexpected(writer.error());
    auto written = co_await (*writer)->write(std::as_bytes(std::span{bytes}));
    if (!written) co_return std::unexpected(written.error());
    co_return co_await (*writer)->finish();
}

Task<Result<blob::Stored>> square(Portal& portal, preview::What what, blob::Stored sent) {
    // Whatever kind of picture the browser says: the worker goes by the first bytes and takes nothing else.
    auto made = co_await portal.previews->make(what, std::move(sent), "image/jpeg");
    if (made) co_return co_await copied(*portal.blobs, made->locator);
    if (made.error().key == "preview.impossible") co_return unreadable();
    if (made.error().key == "preview.off") co_return fail(Error::Kind::Unavailable, "portal.picture_off");
    co_return std::unexpected(made.error());
}

Task<Result<Squares>> squares_of(Portal& portal, blob::Stored sent) {
    auto small = co_await square(portal, preview::What::Face, sent);
    if (!small) co_return std::unexpected(small.error());
    auto large = co_await square(portal, preview::What::Portrait, std::move(sent));
    if (!large) {
        portal.blobs->discard(small->locator);
        co_return std::unexpected(large.error());
    }
    co_return Squares{*small, *large};
}

} // namespace

Task<Result<Squares>> receive_picture(Portal& portal, http::Request& request) {
    auto sent = co_await received(portal, request);
    if (!sent) co_return std::unexpected(sent.error());
    auto squares = co_await squares_of(portal, *sent);
    // With the place where it was taken and all that the square does not show. No row ever named it.
    portal.blobs->discard(sent->locator);
    co_return squares;
}

void keep_picture(db::Tx& tx, Portal& portal, PersonId person, const Squares& squares) {
    constexpr std::size_t mark_length = 32; // 128 bits of the hash: nobody else's bytes stand under it
    drop_picture(tx, person);
    PictureRow row{.owner = portal.world.ids.next(), .mark = squares.large.hash.substr(0, mark_length)};
    row.small = blob::add(tx, portal.world.ids, *portal.blobs, squares.small, row.owner);
    row.large = blob::add(tx, portal.world.ids, *portal.blobs, squares.large, row.owner);
    store::put_picture(tx, person, row);
    identity::set_picture(tx, person, row.mark);
}

bool drop_picture(db::Tx& tx, PersonId person) {
    const auto row = store::find_picture(tx, person);
    if (!row) return false;
    blob::release(tx, row->owner);
    store::delete_picture(tx, person);
    identity::set_picture(tx, person, "");
    return true;
}

} // namespace preau::portal
