-- What was imported from lists of another system: whose key means which row here, and what the list said last.

-- `said` is the last row of the list in one text (import_rows.cpp): a row that says the same again costs one
-- comparison, and what an administrator changed by hand stays until the list says something else.
CREATE TABLE import_key (
    source    TEXT NOT NULL,
    kind      $INT NOT NULL CHECK (kind IN (1, 2, 3)), -- structure, person, class
    key       TEXT NOT NULL CHECK (key <> ''),
    subject   $INT NOT NULL,
    said      TEXT NOT NULL,
    ended_at  $INT NOT NULL DEFAULT 0,        -- when it was missing from the list; 0: it is in it
    PRIMARY KEY (source, kind, key)
) $STRICT;
-- Serves "which key does this structure have?".
CREATE INDEX import_key_by_subject ON import_key (kind, subject, source);

ALTER TABLE group_ ADD COLUMN year TEXT NOT NULL DEFAULT ''; -- of a class: "2026-2027"

-- Lists that somebody sent to a page: examined by a job, shown, confirmed, done by a job.
CREATE TABLE import_run (
    id          $INT PRIMARY KEY,
    person      $INT NOT NULL,
    source      TEXT NOT NULL,
    within      $INT NOT NULL,                -- structure, with all below it; 0: everywhere
    rentree     $INT NOT NULL CHECK (rentree IN (0, 1)),
    state       $INT NOT NULL CHECK (state IN (1, 2, 3, 4, 5)), -- examining, examined, importing, done, failed
    report      TEXT NOT NULL DEFAULT '',     -- JSON
    done        $INT NOT NULL DEFAULT 0,
    total       $INT NOT NULL DEFAULT 0,
    created_at  $INT NOT NULL,
    changed_at  $INT NOT NULL
) $STRICT;
CREATE INDEX import_run_by_person ON import_run (person, id);

-- The lists themselves, until the run is over.
CREATE TABLE import_run_file (
    run    $INT NOT NULL REFERENCES import_run (id),
    kind   $INT NOT NULL CHECK (kind IN (1, 2, 3)),
    bytes  $BYTES NOT NULL,
    PRIMARY KEY (run, kind)
) $STRICT;

-- A pasted class list, so that it can be taken back: the roster as it was, and what it became.
CREATE TABLE roster_change (
    id        $INT PRIMARY KEY,
    group_id  $INT NOT NULL REFERENCES group_ (id),
    person    $INT NOT NULL,
    at        $INT NOT NULL,
    before    TEXT NOT NULL,                  -- JSON: ids and names
    after     $BYTES NOT NULL                 -- SHA-256 of the roster that it made
) $STRICT;
CREATE INDEX roster_change_by_group ON roster_change (group_id, id);
