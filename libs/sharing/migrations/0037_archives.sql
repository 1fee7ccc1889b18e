-- What the staff of a closed class could do, as it was, while its right in grant_ is to read. Also who manages the root
-- of a space in the class's place (subject_kind 1). A row goes when the class is opened again, and when somebody decides
-- about the right anew: then it does not come back.
CREATE TABLE archived_grant (
    item          $INT NOT NULL REFERENCES item (id),
    subject_kind  $INT NOT NULL CHECK (subject_kind IN (1, 2)),
    subject       $INT NOT NULL,
    class         $INT NOT NULL,
    role          $INT NOT NULL,              -- 0: had none
    deposit       $INT NOT NULL CHECK (deposit IN (0, 1)),
    until         $INT,
    given_by      $INT NOT NULL,
    given_at      $INT NOT NULL,
    PRIMARY KEY (item, subject_kind, subject)
) $STRICT;
CREATE INDEX archived_grant_by_class ON archived_grant (class, item);
