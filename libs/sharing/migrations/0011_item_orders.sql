-- The orders of a list. `weight` and `ending` are to the size of the content and to the title what `sort` is to the title:
-- something to order by, never shown. Each index starts with the folder and with what holds others or does not (the first
-- letter of `sort`), and is the key of the page.
ALTER TABLE item ADD COLUMN weight $INT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN ending TEXT NOT NULL DEFAULT '';
-- What follows the last dot, unless there is none, nothing stands before it, or it is too long to be an ending.
UPDATE item SET ending = lower(substr(title, length(rtrim(title, replace(title, '.', ''))) + 1))
 WHERE substr(sort, 1, 1) = '1' AND length(rtrim(title, replace(title, '.', ''))) > 1
   AND length(title) - length(rtrim(title, replace(title, '.', ''))) < 17;
CREATE INDEX item_by_change ON item (parent, substr(sort, 1, 1), changed_at, id);
CREATE INDEX item_by_weight ON item (parent, substr(sort, 1, 1), weight, sort, id);
CREATE INDEX item_by_ending ON item (parent, substr(sort, 1, 1), ending, sort, id);
-- What a folder holds that not everybody sees who sees the folder.
CREATE INDEX item_restricted ON item (parent) WHERE restricted = 1;
