// A person's picture: made square and anew in the sandbox, kept as two blobs, shown to those who may see the person.
#pragma once

#include "portal/portal.hpp"
#include "sharing/face.hpp"

namespace preau::portal {

// Of what is sent: a photo as a telephone takes it.
inline constexpr std::uint64_t largest_picture = 16ULL * 1024 * 1024;

struct PictureRow {
    std::int64_t owner = 0;
    std::string mark;
    blob::BlobId small, large;
};
PREAU_DESCRIBE(PictureRow, owner, mark, small, large)

namespace store {
std::optional<PictureRow> find_picture(db::Tx& tx, PersonId person);
void put_picture(db::Tx& tx, PersonId person, const PictureRow& row); // in place of the one there was
void delete_picture(db::Tx& tx, PersonId person);
} // namespace store

struct Squares { // durable, and named by no row yet
    blob::Stored small, large;
};
// Reads the field "picture" of a form and makes both. Nothing of what was sent is left. Errors: portal.picture_none,
// portal.picture_unreadable, portal.picture_too_large, portal.picture_off, those of the form and of the blob store.
Task<Result<Squares>> receive_picture(Portal& portal, http::Request& request);
void keep_picture(db::Tx& tx, Portal& portal, PersonId person, const Squares& squares);
bool drop_picture(db::Tx& tx, PersonId person); // false: there was none

void picture_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
