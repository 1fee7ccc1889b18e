-- A pointer from a folder to an item elsewhere; the item of kind "shortcut" is where it stands. No foreign key: what it
-- leads to may go, and the pointer then says so.
CREATE TABLE shortcut (
    item   $ID PRIMARY KEY,
    target $INT NOT NULL
) $STRICT;
CREATE INDEX shortcut_by_target ON shortcut (target);
