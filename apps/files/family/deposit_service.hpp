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

// Asked before a byte is read; `stated`: how many the sender says there are. Errors: sharing.item, sharing.role,
// files.no_deposit_here, files.quota_deposit.
Result<Room> check_deposit(db::Tx& tx, const Files& files, const Viewer& viewer, ItemId folder,
                           std::optional<std::uint64_t> stated);
// A family cannot make room: it is told whom to ask.
Error as_deposit(Error error);
// Errors: text_too_short …, those of check_name (field "first_name").
Result<std::string> check_first_name(std::string_view raw);
// "Lina – photo.jpg", cut to the length of a name without losing its ending.
std::string deposit_name(std::string_view first_name, std::string_view file_name);

// Under the lane of the space. Errors: those of check_deposit.
Result<Receipt> hand_in(db::Tx& tx, Files& files, const Viewer& viewer, const HandIn& given);

} // namespace preau::files
