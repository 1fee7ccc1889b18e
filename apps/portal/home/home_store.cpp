#include "portal/home/home.hpp"

namespace preau::portal::store {
namespace {

// Only the owner's: somebody who was given one document is not told the name of the folder around it.
const db::Query own_folders_sql{"portal.own_folders", R"(
    SELECT id, title FROM item WHERE id $IDS(1) AND owner = $2 AND kind = 'folder')"};

} // namespace

std::vector<FolderName> own_folders(db::Tx& tx, PersonId owner, const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return tx.all<FolderName>(own_folders_sql, {db::Ids{ids}, owner});
}

} // namespace preau::portal::store
