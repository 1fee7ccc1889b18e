-- How many bytes lie below a space, kept in the transaction of every row of `file`, and how many may.
CREATE TABLE space_quota (
    space $ID PRIMARY KEY,                    -- root of the space
    used  $INT NOT NULL,                      -- sum of file.size below it, what lies in its trash included
    quota $INT CHECK (quota >= 0)             -- bytes; NULL: what the configuration says for its sort
) $STRICT;

INSERT INTO space_quota (space, used)
  WITH RECURSIVE below (space, id) AS (
      SELECT id, id FROM item WHERE parent = 0
      UNION ALL SELECT b.space, i.id FROM item i JOIN below b ON i.parent = b.id)
SELECT b.space, sum(f.size) FROM below b JOIN file f ON f.item = b.id GROUP BY b.space;
