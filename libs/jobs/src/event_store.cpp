#include "event_store.hpp"

namespace preau::jobs::store {
namespace {

const db::Query insert_event_sql{"jobs.insert_event", R"(
    INSERT INTO outbox (kind, item, actor, link, detail, at) VALUES ($1, $2, $3, $4, $5, $6))"};

const db::Query find_event_sql{"jobs.find_event", R"(
    SELECT position, kind, item, actor, link, detail, at FROM outbox WHERE position = $1)"};

const db::Query events_of_item_sql{"jobs.events_of_item", R"(
    SELECT position, kind, item, actor, link, detail, at FROM outbox
     WHERE item = $1 AND (position < $2 OR $2 = 0) ORDER BY position DESC LIMIT $3)"};

const db::Query settled_after_sql{"jobs.settled_after", R"(
    SELECT transaction_, position, kind, item, actor, link, detail, at FROM outbox
     WHERE (transaction_, position) > ($1, $2) AND transaction_ < $SETTLED
     ORDER BY transaction_, position LIMIT $3)"};

const db::Query insert_cursor_sql{"jobs.insert_cursor", R"(
    INSERT INTO outbox_cursor (subscriber, transaction_, position, failures, retry_at) VALUES ($1, $2, $3, 0, 0)
    ON CONFLICT (subscriber) DO NOTHING)"};

const db::Query newest_sql{"jobs.newest_event", R"(
    SELECT transaction_, position, 0 AS failures, 0 AS retry_at FROM outbox
     WHERE transaction_ < $SETTLED ORDER BY transaction_ DESC, position DESC LIMIT 1)"};

const db::Query hold_cursor_sql{"jobs.hold_cursor", R"(
    SELECT transaction_, position, failures, retry_at FROM outbox_cursor WHERE subscriber = $1 $SKIP_LOCKED)"};

const db::Query move_cursor_sql{"jobs.move_cursor", R"(
    UPDATE outbox_cursor SET transaction_ = $2, position = $3, failures = $4, retry_at = $5 WHERE subscriber = $1)"};

} // namespace

void insert_event(db::Tx& tx, const Event& event) {
    tx.execute(insert_event_sql, {event.kind, event.item, event.actor, event.link, event.detail, event.at});
}

std::optional<Event> find_event(db::Tx& tx, std::int64_t position) { return tx.one<Event>(find_event_sql, {position}); }

std::vector<Event> events_of_item(db::Tx& tx, std::int64_t item, std::int64_t before, int limit) {
    return tx.all<Event>(events_of_item_sql, {item, before, limit});
}

std::vector<Entry> settled_after(db::Tx& tx, const Cursor& cursor, int limit) {
    return tx.all<Entry>(settled_after_sql, {cursor.transaction_, cursor.position, limit});
}

void insert_cursor(db::Tx& tx, std::string_view subscriber, const Cursor& cursor) {
    tx.execute(insert_cursor_sql, {subscriber, cursor.transaction_, cursor.position});
}

Cursor newest(db::Tx& tx) { return tx.one<Cursor>(newest_sql, {}).value_or(Cursor{}); }

std::optional<Cursor> hold_cursor(db::Tx& tx, std::string_view subscriber) {
    return tx.one<Cursor>(hold_cursor_sql, {subscriber});
}

void move_cursor(db::Tx& tx, std::string_view subscriber, const Cursor& cursor) {
    tx.execute(move_cursor_sql, {subscriber, cursor.transaction_, cursor.position, cursor.failures, cursor.retry_at});
}

} // namespace preau::jobs::store
