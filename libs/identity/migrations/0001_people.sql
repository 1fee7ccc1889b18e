-- People, the structures that they work in, their groups, and how they sign in.
-- Nothing here is a secret that could be used: passwords are argon2id, all other tokens stand as their SHA-256.

CREATE TABLE structure (
    id      $INT PRIMARY KEY,
    parent  $INT REFERENCES structure (id),
    name    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    uai     TEXT NOT NULL DEFAULT '',
    zone    TEXT NOT NULL DEFAULT 'Europe/Paris'
) $STRICT;
CREATE INDEX structure_by_parent ON structure (parent);
CREATE UNIQUE INDEX structure_by_uai ON structure (uai) WHERE uai <> '';

-- Every structure with all that stand above it, itself at depth 0: what a person belongs to is one join, however deep
-- the tree.
CREATE TABLE structure_above (
    structure  $INT NOT NULL REFERENCES structure (id),
    ancestor   $INT NOT NULL REFERENCES structure (id),
    depth      $INT NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (structure, ancestor)
) $STRICT;
CREATE INDEX structure_above_by_ancestor ON structure_above (ancestor, structure);

CREATE TABLE person (
    id              $INT PRIMARY KEY,
    login           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    sort_key        $BYTES NOT NULL,
    mail            TEXT NOT NULL DEFAULT '',
    mail_key        TEXT NOT NULL DEFAULT '',     -- lower case: a way to sign in
    language        TEXT NOT NULL DEFAULT '',
    admin           $INT NOT NULL DEFAULT 0 CHECK (admin IN (0, 1)),
    disabled        $INT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    main_structure  $INT REFERENCES structure (id),
    created_at      $INT NOT NULL
) $STRICT;
CREATE UNIQUE INDEX person_by_mail ON person (mail_key) WHERE mail_key <> '';

CREATE TABLE person_function (
    person     $INT NOT NULL REFERENCES person (id),
    structure  $INT NOT NULL REFERENCES structure (id),
    function   TEXT NOT NULL,
    PRIMARY KEY (person, structure, function)
) $STRICT;
CREATE INDEX person_function_by_structure ON person_function (structure, function, person);

CREATE TABLE group_ (
    id         $INT PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    structure  $INT REFERENCES structure (id)
) $STRICT;
CREATE INDEX group_by_structure ON group_ (structure);

CREATE TABLE group_member (
    group_id  $INT NOT NULL REFERENCES group_ (id),
    person    $INT NOT NULL REFERENCES person (id),
    role      TEXT NOT NULL,
    PRIMARY KEY (group_id, person)
) $STRICT;
CREATE INDEX group_member_by_person ON group_member (person, group_id);

-- A name on the roster of a class; pupils have no account.
CREATE TABLE pupil (
    id        $INT PRIMARY KEY,
    group_id  $INT NOT NULL REFERENCES group_ (id),
    name      TEXT NOT NULL,
    sort_key  $BYTES NOT NULL
) $STRICT;
CREATE INDEX pupil_by_group ON pupil (group_id, sort_key, id);

-- Ways to sign in are a list: `kind` names the method, `data` is the method's own (of "password": a PHC string).
CREATE TABLE sign_in_method (
    id          $INT PRIMARY KEY,
    person      $INT NOT NULL REFERENCES person (id),
    kind        TEXT NOT NULL,
    data        TEXT NOT NULL,
    created_at  $INT NOT NULL
) $STRICT;
CREATE INDEX sign_in_method_by_person ON sign_in_method (person, kind);
CREATE UNIQUE INDEX sign_in_method_password ON sign_in_method (person) WHERE kind = 'password';

CREATE TABLE app_password (
    id          $INT PRIMARY KEY,
    hash        $BYTES NOT NULL UNIQUE,
    person      $INT NOT NULL REFERENCES person (id),
    label       TEXT NOT NULL,
    created_at  $INT NOT NULL,
    used_at     $INT
) $STRICT;
CREATE INDEX app_password_by_person ON app_password (person, id);

CREATE TABLE one_time_link (
    id          $INT PRIMARY KEY,
    hash        $BYTES NOT NULL UNIQUE,
    person      $INT NOT NULL REFERENCES person (id),
    expires_at  $INT NOT NULL,
    used_at     $INT
) $STRICT;
CREATE INDEX one_time_link_by_expiry ON one_time_link (expires_at);

CREATE TABLE session (
    id          $INT PRIMARY KEY,
    hash        $BYTES NOT NULL UNIQUE,
    person      $INT NOT NULL REFERENCES person (id),
    created_at  $INT NOT NULL,
    seen_at     $INT NOT NULL,
    expires_at  $INT NOT NULL,
    device      TEXT NOT NULL,
    network     TEXT NOT NULL
) $STRICT;
CREATE INDEX session_by_person ON session (person, id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE server_secret (
    name    TEXT PRIMARY KEY,
    secret  $BYTES NOT NULL
) $STRICT;

-- Who makes ids as which node. `holder` is empty when it was given back, at `beat_at`.
CREATE TABLE node_lease (
    node     $INT PRIMARY KEY,
    holder   TEXT NOT NULL,
    beat_at  $INT NOT NULL
) $STRICT;
