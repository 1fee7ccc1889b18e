-- What a person shows of themselves to others: a picture, and lines of which each says whom it is for.

-- The picture's mark, a part of its address (sharing/face.hpp); '': none. It stands with the person, so that whoever lists
-- people shows faces without another query. The bytes are the portal's.
ALTER TABLE person ADD COLUMN picture TEXT NOT NULL DEFAULT '';

-- A row when somebody wrote something; whom a line is for is profile.hpp's Audience.
CREATE TABLE person_profile (
    person      $INT NOT NULL PRIMARY KEY REFERENCES person (id),
    phone       TEXT NOT NULL,
    office      TEXT NOT NULL,
    about       TEXT NOT NULL,
    mail_for    $INT NOT NULL CHECK (mail_for IN (0, 1, 2)),
    phone_for   $INT NOT NULL CHECK (phone_for IN (0, 1, 2)),
    office_for  $INT NOT NULL CHECK (office_for IN (0, 1, 2)),
    about_for   $INT NOT NULL CHECK (about_for IN (0, 1, 2))
) $STRICT;
