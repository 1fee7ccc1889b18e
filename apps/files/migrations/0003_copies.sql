-- Copies of large folders go on as a job, in slices: what is left to do stands here, so that a slice that was cut off is
-- begun again and nothing is copied twice.
CREATE TABLE file_copy (
    id      $ID PRIMARY KEY,
    person  $INT NOT NULL,                    -- with whose rights
    state   $INT NOT NULL CHECK (state BETWEEN 0 AND 3), -- 0 running, 1 done, 2 failed, 3 cancelled
    done    $INT NOT NULL,                    -- items copied so far
    total   $INT NOT NULL,                    -- items to copy, as counted at the start
    problem TEXT NOT NULL,                    -- key of the error that ended it, else empty
    at      $INT NOT NULL
) $STRICT;

-- What the copy made at the top: unfinished as long as it runs, thrown away when it fails or is cancelled.
CREATE TABLE file_copy_root (
    copy $INT NOT NULL REFERENCES file_copy (id),
    item $INT NOT NULL,
    PRIMARY KEY (copy, item)
) $STRICT;

-- Folders whose children are still to be copied, from a key of their list on.
CREATE TABLE file_copy_todo (
    copy       $INT NOT NULL REFERENCES file_copy (id),
    source     $INT NOT NULL,
    target     $INT NOT NULL,
    after_sort TEXT NOT NULL,
    after_id   $INT NOT NULL,
    PRIMARY KEY (copy, source, target)
) $STRICT;
