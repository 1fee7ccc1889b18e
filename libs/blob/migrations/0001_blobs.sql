-- Bytes that stand in a store, named here only after they are durable there.
CREATE TABLE blob (
    id      $ID,
    hash    $BYTES NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256; equal bytes share a row
    size    $INT NOT NULL CHECK (size >= 0),
    locator TEXT NOT NULL                                     -- what the store finds the bytes by
) $STRICT;

-- References are rows, not counters: a counter that was once wrong stays wrong. The foreign key is what keeps a
-- collector and a writer that shares the same bytes apart on PostgreSQL.
CREATE TABLE blob_ref (
    blob  $INT NOT NULL REFERENCES blob (id),
    owner $INT NOT NULL, -- whatever id holds the bytes: a file, a version, an avatar
    PRIMARY KEY (blob, owner)
) $STRICT;

-- Serves the release of all that an owner holds.
CREATE INDEX blob_ref_by_owner ON blob_ref (owner);

-- Blobs that lost a reference and may have no other: the collector looks at these only, never at the whole table.
CREATE TABLE blob_loose (
    blob $INT NOT NULL PRIMARY KEY REFERENCES blob (id) ON DELETE CASCADE
) $STRICT;
