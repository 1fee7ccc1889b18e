-- The space of an item is the root of its chain and stands nowhere else: a folder that goes to another space with all that
-- it holds is one row (docs/adr/0010-places.md).
ALTER TABLE item DROP COLUMN space;
-- How many levels of items are below it: never more than that, perhaps less. So that a move need not look at what it moves
-- to keep the limit of 64 levels.
ALTER TABLE item ADD COLUMN height $INT NOT NULL DEFAULT 0;
WITH RECURSIVE above (ancestor, distance) AS (
    SELECT parent, 1 FROM item WHERE parent <> 0
    UNION
    SELECT p.parent, a.distance + 1 FROM above a JOIN item p ON p.id = a.ancestor WHERE p.parent <> 0)
UPDATE item SET height = highest.levels
  FROM (SELECT ancestor, max(distance) AS levels FROM above GROUP BY ancestor) AS highest
 WHERE highest.ancestor = item.id;
