-- Messages that wait, and for a while what became of them. Bodies leave when the message is sent: they may hold secrets.
CREATE TABLE mail_message (
    id             $ID PRIMARY KEY,
    kind           TEXT NOT NULL,             -- "sharing.link"
    recipient      TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    subject        TEXT NOT NULL,
    body_text      TEXT NOT NULL,
    body_html      TEXT NOT NULL,
    reply_to       TEXT NOT NULL,             -- as a header field has it
    language       TEXT NOT NULL,
    automatic      $INT NOT NULL CHECK (automatic IN (0, 1)),
    state          $INT NOT NULL CHECK (state BETWEEN 1 AND 6), -- mail::State
    attempts       $INT NOT NULL,
    problem        TEXT NOT NULL,             -- what the server said last
    queued_at      $INT NOT NULL,
    settled_at     $INT NOT NULL              -- 0: not yet
) $STRICT;
-- Serves the administrator's lists, latest first.
CREATE INDEX mail_by_state ON mail_message (state, id);

-- Addresses that were refused for good: nothing more is sent there until an administrator clears them.
CREATE TABLE mail_bounce (
    address TEXT NOT NULL PRIMARY KEY,        -- in lower case
    problem TEXT NOT NULL,
    at      $INT NOT NULL
) $STRICT;
