#include "outbox_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query note_recent_sql{"sharing.note_recent", R"(
    INSERT INTO recent (person, item, at)
    SELECT $1, i.id, $3 FROM item i WHERE i.id = $2 AND i.owner <> $1
    ON CONFLICT (person, item) DO UPDATE SET at = excluded.at)"};

} // namespace

void note_recent(db::Tx& tx, PersonId person, ItemId item, Millis now) {
    tx.execute(note_recent_sql, {person, item, now});
}

} // namespace preau::sharing::store
