-- What a structure allows to be shown to the whole world. A structure without a row follows the nearest one above.
CREATE TABLE public_policy (
    structure $INT PRIMARY KEY,
    policy    TEXT NOT NULL CHECK (policy IN ('free', 'approved', 'off')),
    set_by    $INT NOT NULL,
    set_at    $INT NOT NULL
) $STRICT;

-- One row per request to show an item to the world; never deleted while the item exists: who asked, who decided, why.
CREATE TABLE publication (
    id         $ID PRIMARY KEY,
    item       $INT NOT NULL,
    structure  $INT NOT NULL,                 -- that decides; 0: none, the administrators decide
    asked_by   $INT NOT NULL,
    asked_at   $INT NOT NULL,
    until      $INT,                          -- when it shall end, if asked so
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
    decided_by $INT NOT NULL,
    decided_at $INT,
    reason     TEXT NOT NULL                  -- of a refusal
) $STRICT;
-- One request of an item waits at a time.
CREATE UNIQUE INDEX publication_waiting ON publication (item) WHERE state = 'waiting';
-- Serves the queue of who leads some structures.
CREATE INDEX publication_by_structure ON publication (structure, id) WHERE state = 'waiting';
-- Serves the state that is shown on the item.
CREATE INDEX publication_by_item ON publication (item, id);
-- Serves what its asker is told on their home page.
CREATE INDEX publication_by_asker ON publication (asked_by, decided_at);

-- A look that somebody may take at an item because a decision about it waits for them. The right itself is an ordinary
-- grant to that person with an end; this row says which grant was given for this alone, so that it can be taken back.
CREATE TABLE look (
    item   $INT NOT NULL,
    person $INT NOT NULL,
    until  $INT NOT NULL,
    PRIMARY KEY (item, person)
) $STRICT;
