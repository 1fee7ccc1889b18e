-- Pictures of people: two squares that were made anew in the sandbox. What was sent is not kept.
CREATE TABLE person_picture (
    person  $INT NOT NULL PRIMARY KEY REFERENCES person (id),
    owner   $INT NOT NULL UNIQUE,             -- of the references in blob_ref: another with each picture
    mark    TEXT NOT NULL,                    -- of these bytes, in the address; person.picture holds the same
    small   $INT NOT NULL,                    -- blob, 96 × 96
    large   $INT NOT NULL                     -- blob, 320 × 320
) $STRICT;
