// Rows of `file`, and the few questions about neighbours in the tree that a list or an upload asks in one query.
#pragma once

#include "blob/blob_store.hpp"
#include "sharing/item.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace preau::files {

struct FileRow {
    ItemId item;
    blob::BlobId blob;
    std::int64_t size = 0;
    Millis mtime = 0;
    std::string sha256; // hex
    std::string type;
};
PREAU_DESCRIBE(FileRow, item, blob, size, mtime, sha256, type)

} // namespace preau::files

namespace preau::files::store {

// Both tell the tree how large it is, for the order of lists.
void insert_file(db::Tx& tx, const FileRow& file);
void update_file(db::Tx& tx, const FileRow& file);
void delete_files(db::Tx& tx, const std::vector<std::int64_t>& items);
void delete_handins(db::Tx& tx,
                    const std::vector<std::int64_t>& folders); // what of these folders says where to hand in
std::optional<FileRow> find_file(db::Tx& tx, ItemId item);
std::map<ItemId, FileRow> files_of(db::Tx& tx, const std::vector<std::int64_t>& items);

struct Neighbour {
    ItemId id;
    std::string kind;
};
PREAU_DESCRIBE(Neighbour, id, kind)
std::optional<Neighbour> find_child(db::Tx& tx, ItemId folder, std::string_view name);

std::string kind_of(db::Tx& tx, ItemId item); // empty: no such item

enum class Count { Inherited, All }; // Inherited: without restricted children, for who does not manage the folder
std::map<ItemId, std::int64_t> child_counts(db::Tx& tx, const std::vector<std::int64_t>& folders, Count which);

} // namespace preau::files::store
