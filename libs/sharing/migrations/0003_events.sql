-- The outbox: one row per event, written in the transaction that made it happen. Read by id, one cursor per subscriber.
CREATE TABLE event (
    id     $ID PRIMARY KEY,
    kind   TEXT NOT NULL,                     -- "item.created", "file.uploaded", …
    item   $INT NOT NULL,
    actor  $INT NOT NULL,                     -- person, or 0
    link   $INT NOT NULL,                     -- the link that a family came by, or 0
    detail TEXT NOT NULL,
    at     $INT NOT NULL
) $STRICT;
