// The receipt of a hand-in: a secret address that proves who gave what and when, for whoever has no account to look it
// up in. Only the hash of its token is stored.
#pragma once

#include "base/clock.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "db/database.hpp"
#include "sharing/item.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::files {

using ReceiptId = Id<struct ReceiptTag>;

struct Receipt {
    ReceiptId id;
    ItemId folder;
    std::string title;
    std::string teacher;
    std::string school;
    std::string zone;
    std::string name; // who handed in
    Millis given_at = 0;
};
PREAU_DESCRIBE(Receipt, id, folder, title, teacher, school, zone, name, given_at)

struct ReceiptLine {
    ItemId item;
    std::string name;
    std::int64_t size = 0;
    std::string sha256;
};
PREAU_DESCRIBE(ReceiptLine, item, name, size, sha256)

struct ReceiptLineView {
    std::string name;
    std::string icon;
    std::string hue;
    std::string size;
    std::string checksum; // "3f9c 1a20 77b4": enough to compare by eye
};
PREAU_DESCRIBE(ReceiptLineView, name, icon, hue, size, checksum)

struct ReceiptView {
    std::string title;
    std::string teacher;
    bool has_teacher = false;
    std::string name;
    std::string when;
    std::string files; // "3 fichiers"
    std::vector<ReceiptLineView> lines;
    std::string folder_href;
};
PREAU_DESCRIBE(ReceiptView, title, teacher, has_teacher, name, when, files, lines, folder_href)

} // namespace preau::files

namespace preau::files::store {
void insert_receipt(db::Tx& tx, const Receipt& receipt, std::string_view token_hash);
void insert_receipt_line(db::Tx& tx, ReceiptId receipt, int position, const ReceiptLine& line);
std::optional<Receipt> find_receipt(db::Tx& tx, std::string_view token_hash);
std::vector<ReceiptLine> receipt_lines(db::Tx& tx, ReceiptId receipt);
} // namespace preau::files::store
