#include "files/upload/file_store.hpp"

#include "sharing/tree.hpp"

namespace preau::files::store {
namespace {

const db::Query insert_file_sql{"files.insert_file", R"(
    INSERT INTO file (item, blob, size, mtime, sha256, type) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query update_file_sql{"files.update_file", R"(
    UPDATE file SET blob = $2, size = $3, mtime = $4, sha256 = $5, type = $6 WHERE item = $1)"};

const db::Query delete_files_sql{"files.delete_files", R"(DELETE FROM file WHERE item $IDS(1))"};

const db::Query find_file_sql{"files.find_file", R"(
    SELECT item, blob, size, mtime, sha256, type FROM file WHERE item = $1)"};

const db::Query delete_handins_sql{"files.delete_handins", R"(
    DELETE FROM file_handin WHERE folder $IDS(1) OR handin $IDS(1))"};

const db::Query delete_handin_waits_sql{"files.delete_handin_waits",
                                        "DELETE FROM file_handin_wait WHERE handin $IDS(1)"};

const db::Query files_of_sql{"files.files_of", R"(
    SELECT item, blob, size, mtime, sha256, type FROM file WHERE item $IDS(1))"};

// The last two conditions are those of the unique index item_by_name, without which it is not used.
const db::Query find_child_sql{"files.find_child", R"(
    SELECT id, kind FROM item WHERE parent = $1 AND title = $2 AND trashed_at IS NULL AND parent <> 0)"};

const db::Query kind_of_sql{"files.kind_of", R"(SELECT kind FROM item WHERE id = $1)"};

// Both count in an index alone; folders in a list hold no trash.
const db::Query child_counts_sql{"files.child_counts", R"(
    SELECT parent, count(*) AS children FROM item WHERE parent $IDS(1) GROUP BY parent)"};
const db::Query restricted_counts_sql{"files.restricted_counts", R"(
    SELECT parent, count(*) AS children FROM item WHERE parent $IDS(1) AND restricted = 1 GROUP BY parent)"};

struct CountRow {
    ItemId parent;
    std::int64_t children = 0;
};
PREAU_DESCRIBE(CountRow, parent, children)

} // namespace

void insert_file(db::Tx& tx, const FileRow& file) {
    tx.execute(insert_file_sql, {file.item, file.blob, file.size, file.mtime, file.sha256, file.type});
    sharing::set_weight(tx, file.item, file.size);
}

void update_file(db::Tx& tx, const FileRow& file) {
    tx.execute(update_file_sql, {file.item, file.blob, file.size, file.mtime, file.sha256, file.type});
    sharing::set_weight(tx, file.item, file.size);
}

void delete_files(db::Tx& tx, const std::vector<std::int64_t>& items) {
    tx.execute(delete_files_sql, {db::Ids{items}});
}

void delete_handins(db::Tx& tx, const std::vector<std::int64_t>& folders) {
    tx.execute(delete_handins_sql, {db::Ids{folders}});
    tx.execute(delete_handin_waits_sql, {db::Ids{folders}});
}

std::optional<FileRow> find_file(db::Tx& tx, ItemId item) { return tx.one<FileRow>(find_file_sql, {item}); }

std::map<ItemId, FileRow> files_of(db::Tx& tx, const std::vector<std::int64_t>& items) {
    std::map<ItemId, FileRow> found;
    if (items.empty()) return found;
    for (auto& row : tx.all<FileRow>(files_of_sql, {db::Ids{items}})) found.emplace(row.item, std::move(row));
    return found;
}

std::optional<Neighbour> find_child(db::Tx& tx, ItemId folder, std::string_view name) {
    return tx.one<Neighbour>(find_child_sql, {folder, name});
}

std::string kind_of(db::Tx& tx, ItemId item) { return tx.one<std::string>(kind_of_sql, {item}).value_or(""); }

std::map<ItemId, std::int64_t> child_counts(db::Tx& tx, const std::vector<std::int64_t>& folders, Count which) {
    std::map<ItemId, std::int64_t> found;
    if (folders.empty()) return found;
    for (const auto& row : tx.all<CountRow>(child_counts_sql, {db::Ids{folders}}))
        found.emplace(row.parent, row.children);
    if (which == Count::Inherited)
        for (const auto& row : tx.all<CountRow>(restricted_counts_sql, {db::Ids{folders}}))
            found[row.parent] -= row.children;
    return found;
}

} // namespace preau::files::store
