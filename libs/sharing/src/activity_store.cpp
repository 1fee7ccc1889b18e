#include "activity_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query link_names_sql{"sharing.link_names", "SELECT id, pupil FROM link WHERE id $IDS(1)"};

} // namespace

std::vector<LinkName> link_names(db::Tx& tx, std::span<const std::int64_t> links) {
    return tx.all<LinkName>(link_names_sql, {db::Ids{links}});
}

} // namespace preau::sharing::store
