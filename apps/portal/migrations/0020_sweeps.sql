-- Acts on everything that a list of /admin/shown shows: a job goes through it, newest first, and notes how far it came.
CREATE TABLE sweep (
    id          $INT NOT NULL PRIMARY KEY,
    made_by     $INT NOT NULL REFERENCES person (id),
    made_at     $INT NOT NULL,
    suspends    $INT NOT NULL,                    -- 0: opens again
    suspension  $INT REFERENCES suspension (id),  -- under which is suspended, or whose things are opened again
    items       $INT NOT NULL,                    -- public items, else links
    structure   $INT NOT NULL,
    maker       $INT NOT NULL,
    endless     $INT NOT NULL,
    writes      $INT NOT NULL,
    came_to     $INT NOT NULL,                    -- all above this link or item is done
    done        $INT NOT NULL,
    skipped     $INT NOT NULL,                    -- not the administrator's to change
    ended_at    $INT
) $STRICT;
