-- What people say about an item: threads of one level. `body` is what was written (Markdown), `html` what sanitize() made
-- of it. A deleted one keeps its row, without its words, while answers stand below it.
CREATE TABLE comment (
    id          $ID PRIMARY KEY,
    item        $INT NOT NULL,
    answers_to  $INT NOT NULL,                -- the comment that started the thread; 0: this one does
    author      $INT NOT NULL,                -- person; 0: who came by the link
    link        $INT NOT NULL,                -- 0: a person
    name        TEXT NOT NULL,                -- that a link holder gave; empty: a person
    body        TEXT NOT NULL,
    html        TEXT NOT NULL,
    created_at  $INT NOT NULL,
    edited_at   $INT NOT NULL,                -- 0: never
    resolved_at $INT NOT NULL,                -- 0: open
    resolved_by $INT NOT NULL,
    deleted_at  $INT NOT NULL                 -- 0: stands
) $STRICT;
-- Serves the threads of an item, latest first, and the answers of a page of threads.
CREATE INDEX comment_by_item ON comment (item, answers_to, id);
