#include "portal/operations/operations.hpp"

namespace preau::portal::store {
namespace {
const db::Query answers_sql{"portal.database_answers", "SELECT 1 AS one"};
} // namespace

bool database_answers(db::Tx& tx) { return tx.one<std::int64_t>(answers_sql, {}) == 1; }

} // namespace preau::portal::store
