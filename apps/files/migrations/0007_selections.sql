-- What somebody chose to take home as one archive: the address of that archive names this row, because a thousand ids
-- do not fit into an address. It is no right: every item is asked for again.
CREATE TABLE file_selection (
    id         $ID PRIMARY KEY,
    items      TEXT NOT NULL,                 -- ids, blanks between them
    expires_at $INT NOT NULL
) $STRICT;

-- Serves the purge.
CREATE INDEX file_selection_by_expiry ON file_selection (expires_at);
