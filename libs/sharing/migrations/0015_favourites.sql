-- What somebody marked for themselves. No right: who may no longer see the item does not meet it in the list.
CREATE TABLE favourite (
    person $INT NOT NULL,
    item   $INT NOT NULL,
    at     $INT NOT NULL,
    PRIMARY KEY (person, item)
) $STRICT;
-- Serves the list, latest first, and its page key.
CREATE INDEX favourite_by_time ON favourite (person, at, item);
-- Serves the purge of an item.
CREATE INDEX favourite_by_item ON favourite (item);
