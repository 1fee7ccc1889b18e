-- What arrived in a hand-in folder since the person who made the shared folder last looked into it. The row goes when they
-- look: the home page of everybody asks at 8 o'clock, and reads no more than what waits.
CREATE TABLE file_handin_wait (
    person    $INT NOT NULL,
    handin    $INT NOT NULL,
    arrived   $INT NOT NULL,
    latest_at $INT NOT NULL,
    PRIMARY KEY (person, handin)
) $STRICT;
-- Serves the purge of the trash.
CREATE INDEX file_handin_wait_by_handin ON file_handin_wait (handin);
