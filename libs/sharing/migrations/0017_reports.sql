-- What somebody said is wrong with a page that they could see. No account is needed; the same page said twice is one
-- case with a count. Cases stay when the item goes: what was wrong is not undone by throwing it away.
CREATE TABLE report_case (
    about      $ID PRIMARY KEY,               -- an item, or a class for its page
    about_kind TEXT NOT NULL CHECK (about_kind IN ('item', 'class')),
    structure  $INT NOT NULL,                 -- whose leaders answer it; 0: the administrators alone
    title      TEXT NOT NULL,                 -- as it was called then
    state      TEXT NOT NULL CHECK (state IN ('open', 'taken', 'closed')),
    reports    $INT NOT NULL,
    first_at   $INT NOT NULL,
    last_at    $INT NOT NULL,
    taken_by   $INT NOT NULL,
    note       TEXT NOT NULL                  -- of who closed it
) $STRICT;
-- Serves the queue, latest first.
CREATE INDEX report_case_by_structure ON report_case (structure, last_at, about) WHERE state <> 'closed';
CREATE INDEX report_case_by_time ON report_case (last_at, about);

CREATE TABLE report (
    id      $ID PRIMARY KEY,
    about   $INT NOT NULL,
    choice  TEXT NOT NULL,
    words   TEXT NOT NULL,
    mail    TEXT NOT NULL,                    -- where an answer is wanted, or empty
    seen_as TEXT NOT NULL CHECK (seen_as IN ('public', 'link', 'families', 'person', 'closed')),
    link    $INT NOT NULL,                    -- the link they came by, or 0
    network $BYTES NOT NULL,                  -- keyed digest: counts, and tells nobody who it was
    at      $INT NOT NULL
) $STRICT;
CREATE INDEX report_by_about ON report (about, id);
-- Serves the limits on flooding.
CREATE INDEX report_by_network ON report (network, at);
