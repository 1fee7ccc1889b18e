#include "portal/account/account.hpp"

namespace preau::portal::store {
namespace {

const db::Query has_password_sql{"portal.has_password", R"(
    SELECT COUNT(*) AS count FROM sign_in_method WHERE person = $1 AND kind = 'password')"};

} // namespace

bool has_password(db::Tx& tx, PersonId person) {
    return tx.one<std::int64_t>(has_password_sql, {person}).value_or(0) > 0;
}

} // namespace preau::portal::store
