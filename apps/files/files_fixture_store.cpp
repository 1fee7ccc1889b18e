#include "files/files_fixture_store.hpp"

namespace preau::files::testing::store {
namespace {

const db::Query names_in_sql{"files.test_names_in", R"(
    SELECT title FROM item WHERE parent = $1 AND kind <> 'trash' ORDER BY id)"};
const db::Query child_sql{"files.test_child", R"(SELECT id FROM item WHERE parent = $1 AND title = $2)"};

} // namespace

std::vector<std::string> names_in(db::Tx& tx, ItemId parent) { return tx.all<std::string>(names_in_sql, {parent}); }

std::optional<ItemId> child(db::Tx& tx, ItemId parent, std::string_view name) {
    return tx.one<ItemId>(child_sql, {parent, name});
}

} // namespace preau::files::testing::store
