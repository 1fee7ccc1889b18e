#include "look_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query put_look_sql{"sharing.put_look", R"(
    INSERT INTO look (item, person, until) VALUES ($1, $2, $3)
    ON CONFLICT (item, person) DO UPDATE SET until = excluded.until)"};

const db::Query find_look_sql{"sharing.find_look", R"(
    SELECT item, person, until FROM look WHERE item = $1 AND person = $2)"};

const db::Query take_looks_sql{"sharing.take_looks", R"(
    DELETE FROM look WHERE item = $1 RETURNING item, person, until)"};

} // namespace

void put_look(db::Tx& tx, const LookRow& look) { tx.execute(put_look_sql, {look.item, look.person, look.until}); }

std::optional<LookRow> find_look(db::Tx& tx, ItemId item, PersonId person) {
    return tx.one<LookRow>(find_look_sql, {item, person});
}

std::vector<LookRow> take_looks(db::Tx& tx, ItemId item) { return tx.all<LookRow>(take_looks_sql, {item}); }

} // namespace preau::sharing::store
