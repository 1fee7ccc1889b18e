-- Functions with dates, what a structure says of itself, and who administers which part of the tree.

-- Every function that somebody has, had or will have. person_function holds those in force and nothing else, so that
-- nobody who asks for rights has to know the time; a timer turns what begins and ends (attachments.hpp).
CREATE TABLE attachment (
    person     $INT NOT NULL REFERENCES person (id),
    structure  $INT NOT NULL REFERENCES structure (id),
    function   TEXT NOT NULL,
    from_at    $INT NOT NULL,                 -- 0: since always
    until_at   $INT,                          -- not in force from this moment on; none: open
    state      $INT NOT NULL CHECK (state IN (0, 1, 2)), -- to come, in force, over
    given_by   $INT NOT NULL,                 -- person, or 0: imported, or made with the account
    PRIMARY KEY (person, structure, function, from_at)
) $STRICT;
CREATE INDEX attachment_by_structure ON attachment (structure, state, person);
-- Serve the timer: what is next.
CREATE INDEX attachment_to_begin ON attachment (from_at) WHERE state = 0;
CREATE INDEX attachment_to_end ON attachment (until_at) WHERE state = 1 AND until_at IS NOT NULL;

INSERT INTO attachment (person, structure, function, from_at, until_at, state, given_by)
SELECT person, structure, function, 0, NULL, 1, 0 FROM person_function;

CREATE INDEX person_function_by_function ON person_function (function, person);

-- Everybody who has a function in a structure or below it, in the order of their names: a page of a subtree is a range
-- of this key, in a school as in an académie of 100,000 people (docs/adr/0012).
CREATE TABLE subtree_person (
    ancestor  $INT NOT NULL,
    sort_key  $BYTES NOT NULL,
    person    $INT NOT NULL,
    PRIMARY KEY (ancestor, sort_key, person)
) $KEYED;

INSERT INTO subtree_person (ancestor, sort_key, person)
SELECT DISTINCT a.ancestor, p.sort_key, p.id
  FROM person_function f JOIN structure_above a ON a.structure = f.structure JOIN person p ON p.id = f.person;

-- Serve the lists of everybody, of closed accounts and of administrators.
CREATE INDEX person_by_name ON person (sort_key, id);
CREATE INDEX person_closed ON person (sort_key, id) WHERE disabled = 1;
CREATE INDEX person_administrator ON person (id) WHERE admin = 1;

ALTER TABLE structure ADD COLUMN sort_key $BYTES; -- filled when the server starts, where a structure is older than this
ALTER TABLE structure ADD COLUMN closed_at $INT;
CREATE INDEX structure_by_name ON structure ((COALESCE(parent, 0)), sort_key, id);
CREATE INDEX structure_unsorted ON structure (id) WHERE sort_key IS NULL;

-- What a structure says of itself; a row when somebody wrote something.
CREATE TABLE structure_card (
    structure        $INT NOT NULL PRIMARY KEY REFERENCES structure (id),
    mail             TEXT NOT NULL,
    phone            TEXT NOT NULL,
    address          TEXT NOT NULL,
    web              TEXT NOT NULL,
    introduction_fr  TEXT NOT NULL,           -- Markdown
    introduction_en  TEXT NOT NULL
) $STRICT;

CREATE TABLE structure_logo (
    structure  $INT NOT NULL PRIMARY KEY REFERENCES structure (id),
    type       TEXT NOT NULL,
    hash       TEXT NOT NULL,                 -- of the bytes, in its address
    bytes      $BYTES NOT NULL
) $STRICT;

-- A service that is closed here and in all structures below.
CREATE TABLE structure_closed_service (
    structure  $INT NOT NULL REFERENCES structure (id),
    service    TEXT NOT NULL,
    PRIMARY KEY (structure, service)
) $STRICT;

-- Whose mail addresses end so belongs here.
CREATE TABLE structure_domain (
    domain     TEXT NOT NULL PRIMARY KEY,
    structure  $INT NOT NULL REFERENCES structure (id)
) $STRICT;
CREATE INDEX structure_domain_by_structure ON structure_domain (structure, domain);

-- Who administers a part of the tree. Never deleted: who could do what, and when, stays a fact.
CREATE TABLE delegation (
    id          $INT NOT NULL PRIMARY KEY,
    person      $INT NOT NULL REFERENCES person (id),
    role        TEXT NOT NULL CHECK (role IN ('administration', 'people', 'structures', 'support')),
    structure   $INT REFERENCES structure (id), -- with all below it; none: everywhere
    until_at    $INT,
    given_by    $INT NOT NULL,
    given_at    $INT NOT NULL,
    strength    $INT REFERENCES delegation (id), -- on whose strength it was given; none: by an administrator of all
    revoked_at  $INT,
    revoked_by  $INT
) $STRICT;
CREATE INDEX delegation_by_person ON delegation (person, id) WHERE revoked_at IS NULL;
CREATE INDEX delegation_by_structure ON delegation (structure, id) WHERE revoked_at IS NULL;
CREATE INDEX delegation_by_strength ON delegation (strength) WHERE strength IS NOT NULL;
