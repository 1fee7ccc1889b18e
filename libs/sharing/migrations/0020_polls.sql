-- A question with choices. The item of kind "poll" has place, name and rights.
CREATE TABLE poll (
    item      $ID PRIMARY KEY,
    question  TEXT NOT NULL,
    several   $INT NOT NULL CHECK (several IN (0, 1)),
    named     $INT NOT NULL CHECK (named IN (0, 1)),
    closes_at $INT,                           -- no vote from this moment on
    results   TEXT NOT NULL CHECK (results IN ('always', 'after_vote', 'after_close'))
) $STRICT;

CREATE TABLE poll_choice (
    id       $ID PRIMARY KEY,
    poll     $INT NOT NULL,
    position $INT NOT NULL,
    text     TEXT NOT NULL
) $STRICT;
CREATE UNIQUE INDEX poll_choice_by_poll ON poll_choice (poll, position);

-- One ballot per voter. `voter` is a keyed digest of the poll and the person, or of the poll and the browser that came by
-- a link: enough to change a vote, not enough to say whose it was.
CREATE TABLE poll_ballot (
    poll  $INT NOT NULL,
    voter $BYTES NOT NULL,
    name  TEXT NOT NULL,                      -- of named polls, else empty
    at    $INT NOT NULL,
    PRIMARY KEY (poll, voter)
) $STRICT;

CREATE TABLE poll_mark (
    poll   $INT NOT NULL,
    voter  $BYTES NOT NULL,
    choice $INT NOT NULL,
    PRIMARY KEY (poll, voter, choice),
    FOREIGN KEY (poll, voter) REFERENCES poll_ballot (poll, voter)
) $STRICT;
CREATE INDEX poll_mark_by_choice ON poll_mark (poll, choice);
