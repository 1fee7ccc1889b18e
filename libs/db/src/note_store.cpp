#include "test_rows.hpp"

namespace preau::db::testing {
namespace {

const Query insert_sql{"test.insert_note", R"(
    INSERT INTO note (id, title, text, bytes, size, weight, closed, mood)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};
const Query find_sql{"test.find_note", R"(
    SELECT mood, closed, weight, size, bytes, text, title, id FROM note WHERE id = $1)"};
const Query ids_sql{"test.note_ids", "SELECT id FROM note ORDER BY id"};
const Query count_sql{"test.count_notes", "SELECT count(*) FROM note"};
const Query close_sql{"test.close_note", "UPDATE note SET closed = $2 WHERE id = $1 AND closed <> $2"};

} // namespace

std::vector<Migration> note_migrations() {
    return {{"test/0001_notes.sql", R"(
-- $ID in a comment stays.
CREATE TABLE note (
    id     $ID,
    title  TEXT NOT NULL CHECK (length(title) <= 200),
    text   TEXT,
    bytes  $BYTES NOT NULL,
    size   $INT,
    weight $REAL NOT NULL,
    closed $INT NOT NULL DEFAULT 0,
    mood   $INT NOT NULL
) $STRICT;
)"},
            {"test/0002_tags.sql", R"(
CREATE TABLE tag (
    note $INT NOT NULL REFERENCES note (id),
    name TEXT NOT NULL,
    PRIMARY KEY (note, name)
) $STRICT;
)"}};
}

void insert_note(Tx& tx, const Note& note) {
    tx.execute(insert_sql,
               {note.id, note.title, note.text, Bytes{note.bytes}, note.size, note.weight, note.closed, note.mood});
}
std::optional<Note> find_note(Tx& tx, NoteId id) { return tx.one<Note>(find_sql, {id}); }
std::vector<std::int64_t> note_ids(Tx& tx) { return tx.all<std::int64_t>(ids_sql, {}); }
std::int64_t count_notes(Tx& tx) { return *tx.one<std::int64_t>(count_sql, {}); }
bool close_note(Tx& tx, NoteId id) { return tx.execute(close_sql, {id, true}) == 1; }
void insert_id(Tx& tx, std::int64_t id) { insert_note(tx, {.id = NoteId{id}, .title = "note"}); }

} // namespace preau::db::testing
