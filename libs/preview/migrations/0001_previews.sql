-- What was made of stored bytes, or that nothing can be made of them. Keyed by the bytes, not by a file: copies share
-- one, and it stays when a file is renamed.
CREATE TABLE preview (
    id      $ID PRIMARY KEY,                               -- owner of the reference in blob_ref
    source  $BYTES NOT NULL CHECK (length(source) = 32),   -- SHA-256 of what it was made of
    what    $INT NOT NULL,                                 -- preview::What
    blob    $INT NOT NULL,                                 -- 0: impossible, not tried again
    type    TEXT NOT NULL,
    made_at $INT NOT NULL,
    UNIQUE (source, what)
) $STRICT;
