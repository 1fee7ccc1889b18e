-- Secret addresses for somebody without an account. Only the hash of a token can be looked up; the sealed copy lets its
-- maker copy the address again and is worthless without the server's key. The right of a link is its row in grant_.
CREATE TABLE link (
    id            $ID PRIMARY KEY,
    item          $INT NOT NULL,              -- 0 for class and pupil links
    class         $INT NOT NULL,              -- group of class and pupil links, else 0
    pupil         TEXT NOT NULL,              -- name on the roster, of a pupil's link
    role          $INT NOT NULL CHECK (role IN (5, 10, 20, 30)),
    deposit       $INT NOT NULL CHECK (deposit IN (0, 1)),
    label         TEXT NOT NULL,
    until         $INT,
    revoked_at    $INT,
    made_by       $INT NOT NULL,
    created_at    $INT NOT NULL,
    token_hash    $BYTES NOT NULL UNIQUE,
    sealed        $BYTES NOT NULL,
    password_hash TEXT NOT NULL
) $STRICT;
CREATE INDEX link_by_item ON link (item, id);
-- Serves the page of a class: its class link and its pupils' links.
CREATE INDEX link_by_class ON link (class, pupil, id) WHERE class <> 0;
