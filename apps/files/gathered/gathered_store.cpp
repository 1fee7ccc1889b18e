#include "files/gathered/gathered_store.hpp"

namespace preau::files::store {
namespace {

const db::Query subjects_reaching_sql{"files.subjects_reaching", R"(
    WITH RECURSIVE chain (start, id, parent, restricted, depth) AS (
        SELECT i.id, i.id, i.parent, i.restricted, 0 FROM item i WHERE i.id $IDS(1)
        UNION ALL
        SELECT c.start, p.id, p.parent, p.restricted, c.depth + 1
          FROM chain c JOIN item p ON p.id = c.parent WHERE c.restricted = 0 AND c.depth < 72)
    SELECT c.start AS item, g.subject_kind, g.subject FROM chain c JOIN grant_ g ON g.item = c.id
     WHERE g.until IS NULL OR g.until > $2)"};

} // namespace

std::vector<SubjectRow> subjects_reaching(db::Tx& tx, const std::vector<std::int64_t>& items, Millis now) {
    if (items.empty()) return {};
    return tx.all<SubjectRow>(subjects_reaching_sql, {db::Ids{items}, now});
}

} // namespace preau::files::store
