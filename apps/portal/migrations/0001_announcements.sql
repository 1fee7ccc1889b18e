-- Announcements: one row each, and one for each line of its audience ("teachers below this académie"), however many people
-- that is. Who it concerns follows when somebody reads, from the subjects that a viewer carries. Rows of people come into
-- being when they read, put aside or acknowledge, never before.
CREATE TABLE announcement (
    id            $INT NOT NULL PRIMARY KEY,
    author        $INT NOT NULL,
    structure     $INT NOT NULL,              -- in whose name; 0: of the installation
    title_fr      TEXT NOT NULL,
    body_fr       TEXT NOT NULL,              -- Markdown
    title_en      TEXT NOT NULL,              -- empty: in French alone
    body_en       TEXT NOT NULL,
    excerpt_fr    TEXT NOT NULL,              -- plain words, for the home
    excerpt_en    TEXT NOT NULL,
    wants_ack     $INT NOT NULL CHECK (wants_ack IN (0, 1)),
    from_at       $INT NOT NULL,
    until_at      $INT NOT NULL,
    created_at    $INT NOT NULL,
    people        $INT NOT NULL,              -- size of the audience when it was published; 0: not known
    recalled_at   $INT,
    recalled_by   $INT,
    reminded_at   $INT,                       -- the last reminder began
    reminded_to   $INT NOT NULL DEFAULT 0     -- person up to whom it came
) $STRICT;
CREATE INDEX announcement_by_author ON announcement (author, id);

CREATE TABLE announcement_audience (
    announcement  $INT NOT NULL REFERENCES announcement (id),
    subject_kind  $INT NOT NULL,
    subject       $INT NOT NULL,
    structure     $INT NOT NULL,              -- of a structure or function below it, else 0
    function      TEXT NOT NULL,              -- of a function, else empty
    from_at       $INT NOT NULL,
    until_at      $INT NOT NULL,
    PRIMARY KEY (announcement, subject_kind, subject)
) $STRICT;
-- Serves the home: of a viewer's subjects those lines alone that have not run out.
CREATE INDEX announcement_audience_now ON announcement_audience (subject, until_at, announcement);
-- Serves the list of all that concerned somebody, latest first.
CREATE INDEX announcement_audience_ever ON announcement_audience (subject, announcement);

CREATE TABLE announcement_mark (
    person           $INT NOT NULL,
    announcement     $INT NOT NULL REFERENCES announcement (id),
    seen_at          $INT NOT NULL,
    acknowledged_at  $INT,
    PRIMARY KEY (person, announcement)
) $STRICT;

-- Acknowledgements by the structure that people work in: the table of a circular to 40 schools, without counting.
CREATE TABLE announcement_count (
    announcement  $INT NOT NULL REFERENCES announcement (id),
    structure     $INT NOT NULL,              -- 0: came by a group
    acknowledged  $INT NOT NULL,
    PRIMARY KEY (announcement, structure)
) $STRICT;

-- How many people there are below a structure, all together and of each function; counted once a day. Structure 0:
-- everybody with an account.
CREATE TABLE audience_size (
    structure   $INT NOT NULL,
    function    TEXT NOT NULL,                -- empty: whatever they do
    people      $INT NOT NULL,
    PRIMARY KEY (structure, function)
) $STRICT;
