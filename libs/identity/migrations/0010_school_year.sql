-- The end of a class's school year. A class that is closed keeps its staff and its roster; nobody's rights are rows
-- here (sharing/0040 holds what they were).

ALTER TABLE group_ ADD COLUMN closed_at $INT;  -- of a class; none: open

-- One row for each act, whatever the number of its classes, so that it is undone as a whole.
CREATE TABLE class_closing (
    id         $INT NOT NULL PRIMARY KEY,     -- of the suspension of their links, too
    structure  $INT NOT NULL REFERENCES structure (id),
    closed_by  $INT NOT NULL,
    closed_at  $INT NOT NULL
) $STRICT;

-- Rows of classes that are closed now. `year` is the class's own, or what was said where it had none: the class itself
-- stays as it was.
CREATE TABLE closed_class (
    class      $INT NOT NULL PRIMARY KEY REFERENCES group_ (id),
    closing    $INT NOT NULL REFERENCES class_closing (id),
    structure  $INT NOT NULL,
    year       TEXT NOT NULL,
    sort       TEXT NOT NULL                  -- of the name: with the class, the key of a page
) $STRICT;
CREATE INDEX closed_class_by_year ON closed_class (structure, year, sort, class);
CREATE INDEX closed_class_by_closing ON closed_class (closing, class);

-- Serves the list of a structure's open classes.
CREATE INDEX class_open ON group_ (structure, sort, id) WHERE kind = 'class' AND closed_at IS NULL;
