-- The bytes behind an item of kind `file`. Name, place, owner and revision stand in `item` and nowhere else.
CREATE TABLE file (
    item   $ID PRIMARY KEY,                   -- the item; its row goes before the item does
    blob   $INT NOT NULL,                     -- the stored bytes, referenced in blob_ref for this item
    size   $INT NOT NULL CHECK (size >= 0),
    mtime  $INT NOT NULL,                     -- when these bytes came, milliseconds since 1970
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    type   TEXT NOT NULL                      -- guessed from the name, never believed: always sent with nosniff
) $STRICT;

-- Where the hand-ins of a shared folder go. The folder of the hand-ins may be renamed; this still finds it.
CREATE TABLE file_handin (
    folder $ID PRIMARY KEY,
    handin $INT NOT NULL
) $STRICT;

-- What a family handed in, as the receipt says it. It stays true when the teacher renames or removes the files.
CREATE TABLE file_receipt (
    id       $ID PRIMARY KEY,
    token    $BYTES NOT NULL UNIQUE,          -- SHA-256 of the secret in the receipt's address
    folder   $INT NOT NULL,                   -- the shared folder it was handed in to
    title    TEXT NOT NULL,                   -- its name on that day
    teacher  TEXT NOT NULL,
    school   TEXT NOT NULL,
    zone     TEXT NOT NULL,                   -- time zone in which the receipt says when
    name     TEXT NOT NULL,                   -- who handed in, as typed
    given_at $INT NOT NULL
) $STRICT;

CREATE TABLE file_receipt_line (
    receipt  $INT NOT NULL REFERENCES file_receipt (id),
    position $INT NOT NULL,
    item     $INT NOT NULL,
    name     TEXT NOT NULL,
    size     $INT NOT NULL,
    sha256   TEXT NOT NULL,
    PRIMARY KEY (receipt, position)
) $STRICT;
