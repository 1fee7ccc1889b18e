-- Finding people, groups and structures by their names. One row for each order in which two words of a name may be typed
-- first: "bernard camille" and "camille bernard". A prefix of the key is a range of this primary key, so that a search
-- reads as many rows as it answers, among a hundred accounts as among a million.
CREATE TABLE directory (
    scope   $INT NOT NULL,                    -- structure in which it is found before others, or 0: everywhere
    kind    $INT NOT NULL CHECK (kind IN (1, 2, 3)), -- person, group, structure: as in grant_
    key     TEXT NOT NULL,                    -- plain words
    subject $INT NOT NULL,
    PRIMARY KEY (scope, kind, key, subject)
) $STRICT;
-- Serves taking somebody out.
CREATE INDEX directory_by_subject ON directory (kind, subject);

-- Who was there before this table is entered by the server when it starts; `done` says how far it came.
CREATE TABLE directory_entered (
    kind $INT PRIMARY KEY,
    done $INT NOT NULL                        -- the last id that was entered
) $STRICT;
INSERT INTO directory_entered (kind, done) VALUES (1, 0), (2, 0), (3, 0);
