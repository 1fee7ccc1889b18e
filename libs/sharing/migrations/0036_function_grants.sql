-- Grants to "a function below a structure" (subject kind 8). A CHECK cannot be altered on SQLite, so the table is made anew.
CREATE TABLE grant_wider (
    item         $INT NOT NULL REFERENCES item (id),
    subject_kind $INT NOT NULL CHECK (subject_kind BETWEEN 1 AND 8),
    subject      $INT NOT NULL,
    role         $INT NOT NULL CHECK (role IN (5, 10, 20, 30, 40)),
    deposit      $INT NOT NULL CHECK (deposit IN (0, 1)),
    until        $INT,                        -- not valid from this moment on
    given_by     $INT NOT NULL,
    given_at     $INT NOT NULL,
    PRIMARY KEY (item, subject_kind, subject),
    CHECK (role > 5 OR deposit = 1)
) $STRICT;
INSERT INTO grant_wider (item, subject_kind, subject, role, deposit, until, given_by, given_at)
SELECT item, subject_kind, subject, role, deposit, until, given_by, given_at FROM grant_;
DROP TABLE grant_;
ALTER TABLE grant_wider RENAME TO grant_;
CREATE INDEX grant_by_subject ON grant_ (subject_kind, subject, item);
CREATE INDEX grant_by_giver ON grant_ (given_by, given_at, item, subject_kind, subject);
CREATE INDEX grant_public_by_giver ON grant_ (given_by, item) WHERE subject_kind = 5;
