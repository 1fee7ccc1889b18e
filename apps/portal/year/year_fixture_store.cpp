#include "portal/year/year_fixture_store.hpp"

namespace preau::portal::testing::store {
namespace {

const db::Query rights_sql{"portal.test_rights", R"(
    SELECT item, subject_kind, subject, role, deposit, COALESCE(until, 0), given_by, given_at FROM grant_
     ORDER BY item, subject_kind, subject)"};
const db::Query links_sql{"portal.test_links", R"(
    SELECT id, class, COALESCE(suspended, 0), COALESCE(revoked_at, 0), 0, 0, 0, 0 FROM link ORDER BY id)"};

std::string in_words(db::Tx& tx, const db::Query& query) {
    constexpr int columns = 8;
    std::string words;
    tx.each(query, {}, [&](const db::Row& row) {
        for (int column = 0; column < columns; ++column) words += std::to_string(row.integer(column)) + ' ';
        words += '\n';
    });
    return words;
}

} // namespace

std::string all_given(db::Tx& tx) { return in_words(tx, rights_sql) + in_words(tx, links_sql); }

} // namespace preau::portal::testing::store
