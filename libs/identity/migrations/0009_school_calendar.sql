-- The calendar of a structure: school years, holidays, days without lessons. A structure without a row of its own follows
-- the nearest above that has one, so that an académie writes it once for all of its schools.
CREATE TABLE structure_calendar (
    structure   $INT NOT NULL PRIMARY KEY REFERENCES structure (id),
    zone        TEXT NOT NULL CHECK (zone IN ('', 'A', 'B', 'C')), -- of holidays; '': none of the three
    changed_at  $INT NOT NULL
) $STRICT;

-- Days as 2026-09-01, both included: whole days are the same wherever one is, so they are no moments.
CREATE TABLE structure_period (
    id         $INT NOT NULL PRIMARY KEY,
    structure  $INT NOT NULL REFERENCES structure_calendar (structure),
    kind       TEXT NOT NULL CHECK (kind IN ('year', 'holiday', 'free', 'event')),
    name       TEXT NOT NULL,
    first_day  TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day   TEXT NOT NULL CHECK (length(last_day) = 10 AND last_day >= first_day)
) $STRICT;
CREATE INDEX structure_period_by_day ON structure_period (structure, first_day, id);
