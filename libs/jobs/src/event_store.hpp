// The SQL of the outbox: events and how far each subscriber has come.
#pragma once

#include "jobs/jobs.hpp"

namespace preau::jobs::store {

struct Cursor {
    std::int64_t transaction_ = 0;
    std::int64_t position = 0;
    std::int64_t failures = 0; // of the event that comes next, alone
    Millis retry_at = 0;
};
PREAU_DESCRIBE(Cursor, transaction_, position, failures, retry_at)

struct Entry { // an event and the transaction that wrote it
    std::int64_t transaction_ = 0;
    std::int64_t position = 0;
    std::string kind;
    std::int64_t item = 0, actor = 0, link = 0;
    std::string detail;
    Millis at = 0;
    Event event() const { return {position, kind, item, actor, link, detail, at}; }
};
PREAU_DESCRIBE(Entry, transaction_, position, kind, item, actor, link, detail, at)

void insert_event(db::Tx& tx, const Event& event);
std::optional<Event> find_event(db::Tx& tx, std::int64_t position);
std::vector<Event> events_of_item(db::Tx& tx, std::int64_t item, std::int64_t before, int limit);
// What all transactions up to now have written and the cursor has not passed, in the order that every reader sees.
std::vector<Entry> settled_after(db::Tx& tx, const Cursor& cursor, int limit);
void insert_cursor(db::Tx& tx, std::string_view subscriber, const Cursor& cursor); // keeps one that is there
Cursor newest(db::Tx& tx);                                                         // behind all that has settled
// Held until the transaction ends; nothing: another process has it in its hands.
std::optional<Cursor> hold_cursor(db::Tx& tx, std::string_view subscriber);
void move_cursor(db::Tx& tx, std::string_view subscriber, const Cursor& cursor);

} // namespace preau::jobs::store
