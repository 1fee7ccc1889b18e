-- Work that waits. A job that is being done stays here with `run_at` in the future: if its process dies, it comes again.
CREATE TABLE job (
    id          $ID PRIMARY KEY,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    key         TEXT NOT NULL,
    waiting_key TEXT NOT NULL,                -- the key while it waits, '' once somebody has taken it
    run_at      $INT NOT NULL,                -- not before; while it is being done: when the lease ends
    attempt     $INT NOT NULL,                -- tries begun
    holder      $INT NOT NULL                 -- process that has it, 0 for none
) $STRICT;
-- Serves "what is due of this kind", oldest first.
CREATE INDEX job_by_time ON job (kind, run_at, id);
CREATE INDEX job_by_holder ON job (holder) WHERE holder <> 0;
-- One waiting job of a kind and key.
CREATE UNIQUE INDEX job_by_key ON job (kind, waiting_key) WHERE waiting_key <> '';

-- What failed too often, until an administrator tries it again or drops it.
CREATE TABLE job_dead (
    id       $ID PRIMARY KEY,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    key      TEXT NOT NULL,
    problem  TEXT NOT NULL,
    attempts $INT NOT NULL,
    died_at  $INT NOT NULL
) $STRICT;

CREATE TABLE job_timer (
    kind    TEXT NOT NULL PRIMARY KEY,
    next_at $INT NOT NULL
) $STRICT;

-- The outbox: one row per event, written in the transaction that made it happen. Positions are given before commit, so
-- on PostgreSQL they are not in commit order: readers go by (transaction, position) up to what has settled.
CREATE TABLE outbox (
    position    $SERIAL,
    transaction_ $TRANSACTION,
    kind        TEXT NOT NULL,                -- "item.created", "file.uploaded", …
    item        $INT NOT NULL,
    actor       $INT NOT NULL,                -- person, or 0
    link        $INT NOT NULL,                -- the link that a family came by, or 0
    detail      TEXT NOT NULL,
    at          $INT NOT NULL
) $STRICT;
CREATE INDEX outbox_by_transaction ON outbox (transaction_, position);
-- Serves the activity of an item.
CREATE INDEX outbox_by_item ON outbox (item, position);

-- How far each subscriber has come.
CREATE TABLE outbox_cursor (
    subscriber   TEXT NOT NULL PRIMARY KEY,
    transaction_ $INT NOT NULL,
    position     $INT NOT NULL,
    failures     $INT NOT NULL,               -- of the event that comes next, alone
    retry_at     $INT NOT NULL
) $STRICT;
