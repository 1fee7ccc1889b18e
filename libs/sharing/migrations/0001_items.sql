-- The one tree of everything that people make and share. The app that owns a kind keeps the content in its own tables.
CREATE TABLE item (
    id           $ID PRIMARY KEY,
    parent       $INT NOT NULL,               -- 0 for the root of a space
    space        $INT NOT NULL,               -- root of its tree, itself for a root
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL CHECK (length(title) >= 1),
    sort         TEXT NOT NULL,               -- '0' (folders) or '1', then the French sort key of the title
    owner        $INT NOT NULL,               -- who made it, 0 for a family's deposit; a label, never a right
    restricted   $INT NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
    revision     $INT NOT NULL DEFAULT 1,
    created_at   $INT NOT NULL,
    changed_at   $INT NOT NULL,
    trashed_at   $INT,                        -- on what was thrown away, not on what is inside it
    trashed_from $INT                         -- where it stood
) $STRICT;

-- A name once in a folder. Two things of the same name may lie in the trash, and roots have no folder.
CREATE UNIQUE INDEX item_by_name ON item (parent, title) WHERE trashed_at IS NULL AND parent <> 0;
-- Serves the list of a folder: folders first, then French order; also its page key.
CREATE INDEX item_by_sort ON item (parent, sort, id);
-- Serves "recent" of who made it.
CREATE INDEX item_by_owner ON item (owner, changed_at);
-- Serves the list of a trash, latest first.
CREATE INDEX item_by_trashed ON item (parent, trashed_at, id) WHERE trashed_at IS NOT NULL;

-- Who may do what. `role`: 5 deposit alone, 10 view, 20 comment, 30 edit, 40 manage;
-- `deposit` stands beside the ladder: may also hand in.
CREATE TABLE grant_ (
    item         $INT NOT NULL REFERENCES item (id),
    subject_kind $INT NOT NULL CHECK (subject_kind BETWEEN 1 AND 7),
    subject      $INT NOT NULL,
    role         $INT NOT NULL CHECK (role IN (5, 10, 20, 30, 40)),
    deposit      $INT NOT NULL CHECK (deposit IN (0, 1)),
    until        $INT,                        -- not valid from this moment on
    given_by     $INT NOT NULL,
    given_at     $INT NOT NULL,
    PRIMARY KEY (item, subject_kind, subject),
    CHECK (role > 5 OR deposit = 1)
) $STRICT;
-- Serves "what is shared with this class, group, person", newest first.
CREATE INDEX grant_by_subject ON grant_ (subject_kind, subject, item);

CREATE TABLE personal_space (
    person $ID PRIMARY KEY,
    item   $INT NOT NULL
) $STRICT;

-- What somebody else than the owner did lately; the owner's own items stand in item_by_owner.
CREATE TABLE recent (
    person $INT NOT NULL,
    item   $INT NOT NULL,
    at     $INT NOT NULL,
    PRIMARY KEY (person, item)
) $STRICT;
CREATE INDEX recent_by_time ON recent (person, at);
