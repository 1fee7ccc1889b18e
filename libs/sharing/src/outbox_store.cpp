#include "outbox_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query insert_event_sql{"sharing.insert_event", R"(
    INSERT INTO event (id, kind, item, actor, link, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7))"};

const db::Query note_recent_sql{"sharing.note_recent", R"(
    INSERT INTO recent (person, item, at)
    SELECT $1, i.id, $3 FROM item i WHERE i.id = $2 AND i.owner <> $1
    ON CONFLICT (person, item) DO UPDATE SET at = excluded.at)"};

} // namespace

void insert_event(db::Tx& tx, std::int64_t id, const Viewer& actor, std::string_view kind, ItemId item,
                  std::string_view detail, Millis now) {
    const auto link = actor.is_person() || actor.links.empty() ? LinkId{} : actor.links.front();
    tx.execute(insert_event_sql, {id, kind, item, actor.person, link, detail, now});
}

void note_recent(db::Tx& tx, PersonId person, ItemId item, Millis now) {
    tx.execute(note_recent_sql, {person, item, now});
}

} // namespace preau::sharing::store
