-- What who administers suspended: links, and items shown to everybody. One row for each act, so that it is undone as it
-- was done.
CREATE TABLE suspension (
    id       $INT NOT NULL PRIMARY KEY,
    made_by  $INT NOT NULL,
    made_at  $INT NOT NULL,
    reason   TEXT NOT NULL
) $STRICT;

ALTER TABLE link ADD COLUMN suspended $INT; -- by which suspension; none: it works
CREATE INDEX link_suspended ON link (suspended) WHERE suspended IS NOT NULL;
-- Serve the lists of what people without an account may open, newest first.
CREATE INDEX link_open ON link (id) WHERE revoked_at IS NULL AND suspended IS NULL AND item <> 0;
CREATE INDEX link_open_by_maker ON link (made_by, id) WHERE revoked_at IS NULL AND suspended IS NULL AND item <> 0;
CREATE INDEX grant_public_by_giver ON grant_ (given_by, item) WHERE subject_kind = 5;

-- The public right of a suspended item, to be given back as it was.
CREATE TABLE suspended_public (
    item        $INT NOT NULL PRIMARY KEY,
    suspension  $INT NOT NULL REFERENCES suspension (id),
    given_by    $INT NOT NULL,
    until       $INT
) $STRICT;
CREATE INDEX suspended_public_by_suspension ON suspended_public (suspension);
