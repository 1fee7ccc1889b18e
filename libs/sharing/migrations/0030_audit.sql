-- The audit journal: who gave which right to whom, and what was thrown away. Rows are only ever added. They hold opaque
-- numbers: people stand under a pseudonym, and their name is sealed with a key that erasure destroys.
CREATE TABLE audit_entry (
    number   $INT NOT NULL PRIMARY KEY,       -- 1, 2, 3 … without gaps
    position $INT NOT NULL,                   -- in the outbox; 0 for a name
    at       $INT NOT NULL,
    kind     TEXT NOT NULL,                   -- that of the event, or "person.named"
    item     $INT NOT NULL,
    actor    $INT NOT NULL,                   -- pseudonym of who did it, or 0
    about    $INT NOT NULL,                   -- pseudonym of the person whom it was given to or taken from, or 0
    link     $INT NOT NULL,                   -- by which a family came, or 0
    detail   TEXT NOT NULL
) $STRICT;
-- Serve the filters, latest first, and their page keys.
CREATE INDEX audit_by_item ON audit_entry (item, number) WHERE item <> 0;
CREATE INDEX audit_by_actor ON audit_entry (actor, number) WHERE actor <> 0;
CREATE INDEX audit_by_about ON audit_entry (about, number) WHERE about <> 0;
CREATE INDEX audit_by_kind ON audit_entry (kind, number);
CREATE INDEX audit_by_time ON audit_entry (at, number);

-- Each seals the entries since the one before, and the one before with them.
CREATE TABLE audit_block (
    number      $INT NOT NULL PRIMARY KEY,    -- 1, 2, 3 … without gaps
    first_entry $INT NOT NULL,
    last_entry  $INT NOT NULL,
    sealed_at   $INT NOT NULL,
    hash        $BYTES NOT NULL
) $STRICT;

-- Where the journal ends: one row, so that what is cut off at the end is missed.
CREATE TABLE audit_head (
    id    $INT NOT NULL PRIMARY KEY CHECK (id = 1),
    entry $INT NOT NULL,                      -- last one written
    block $INT NOT NULL,                      -- last one sealed
    hash  $BYTES NOT NULL
) $STRICT;

-- The only table of the journal from which rows go: erasing a person deletes theirs, and nobody can tell any more whom
-- the pseudonym meant.
CREATE TABLE audit_person (
    person    $ID PRIMARY KEY,
    pseudonym $INT NOT NULL UNIQUE,
    key       $BYTES NOT NULL
) $STRICT;
