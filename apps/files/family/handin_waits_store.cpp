#include "files/family/handin_waits.hpp"

namespace preau::files::store {
namespace {

const db::Query add_handin_wait_sql{"files.add_handin_wait", R"(
    INSERT INTO file_handin_wait (person, handin, arrived, latest_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (person, handin) DO UPDATE
       SET arrived = file_handin_wait.arrived + excluded.arrived, latest_at = excluded.latest_at)"};

const db::Query has_handin_wait_sql{"files.has_handin_wait", R"(
    SELECT 1 FROM file_handin_wait WHERE person = $1 AND handin = $2)"};

const db::Query delete_handin_wait_sql{"files.delete_handin_wait", R"(
    DELETE FROM file_handin_wait WHERE person = $1 AND handin = $2)"};

// What was thrown away or carried to another folder waits under the name of where it stands now.
const db::Query handin_waits_sql{"files.handin_waits", R"(
    SELECT w.handin, f.title AS folder, w.arrived, w.latest_at
      FROM file_handin_wait w JOIN item h ON h.id = w.handin JOIN item f ON f.id = h.parent
     WHERE w.person = $1 ORDER BY w.latest_at DESC, w.handin DESC LIMIT $2)"};

} // namespace

void add_handin_wait(db::Tx& tx, PersonId person, ItemId handin, std::int64_t files, Millis now) {
    tx.execute(add_handin_wait_sql, {person, handin, files, now});
}

bool has_handin_wait(db::Tx& tx, PersonId person, ItemId handin) {
    return tx.one<std::int64_t>(has_handin_wait_sql, {person, handin}).has_value();
}

void delete_handin_wait(db::Tx& tx, PersonId person, ItemId handin) {
    tx.execute(delete_handin_wait_sql, {person, handin});
}

std::vector<HandinWait> handin_waits(db::Tx& tx, PersonId person, int limit) {
    return tx.all<HandinWait>(handin_waits_sql, {person, limit});
}

} // namespace preau::files::store
