-- Uploads that may be gone on with (tus). Their bytes stand in the blob store under the id; how many of them were
-- acknowledged stands here, written after they are durable there.
CREATE TABLE file_upload (
    id         $ID PRIMARY KEY,
    token      $BYTES NOT NULL UNIQUE,        -- SHA-256 of the secret in the upload's address
    person     $INT NOT NULL,                 -- whose it is, or 0
    link       $INT NOT NULL,                 -- the link that its sender came by, or 0
    folder     $INT NOT NULL,
    path       TEXT NOT NULL,                 -- folders below it that are made on the way: "a/b"
    name       TEXT NOT NULL,
    if_taken   $INT NOT NULL CHECK (if_taken BETWEEN 0 AND 2), -- refuse, number, replace
    first_name TEXT NOT NULL,                 -- of who hands in; empty: not a hand-in
    length     $INT NOT NULL CHECK (length >= 0),
    received   $INT NOT NULL CHECK (received BETWEEN 0 AND length), -- acknowledged
    expires_at $INT NOT NULL,                 -- a day after its last bytes
    item       $INT NOT NULL                  -- what it became; 0 as long as it is not finished
) $STRICT;

-- Serves the purge.
CREATE INDEX file_upload_by_expiry ON file_upload (expires_at);
-- Serves the count of what somebody has begun and not finished.
CREATE INDEX file_upload_open ON file_upload (person, link) WHERE item = 0;
