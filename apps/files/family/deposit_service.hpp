// Handing in: the files of one form go together into the hand-in folder, or none does.
#pragma once

#include "files/family/family.hpp"
#include "files/family/receipt.hpp"
#include "files/upload/upload_service.hpp"

namespace preau::files {

struct GivenFile {
    std::string name; // as sent: "photo.jpg"
    blob::Stored stored;
};

struct HandIn {
    ItemId folder;           // the shared folder
    std::string name;        // first name of the pupil
    std::string folder_name; // "Rendus": title of the hand-in folder if it is made now
    std::string token_hash;  // of the receipt's address
    std::vector<GivenFile> files;
};

// Asked before a byte is read. Errors: sharing.item, sharing.role, files.no_deposit_here.
Result<void> check_deposit(db::Tx& tx, const Viewer& viewer, ItemId folder, Millis now);
// Errors: text_too_short …, those of check_name (field "first_name").
Result<std::string> check_first_name(std::string_view raw);
// "Lina – photo.jpg", cut to the length of a name without losing its ending.
std::string deposit_name(std::string_view first_name, std::string_view file_name);

Result<Receipt> hand_in(db::Tx& tx, sharing::World& world, blob::BlobStore& blobs, const Viewer& viewer,
                        const HandIn& given);

} // namespace preau::files
