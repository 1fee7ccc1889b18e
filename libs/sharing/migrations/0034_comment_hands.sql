-- Which browser wrote a comment of somebody who came by a link: a keyed digest of item and browser, enough to change what
-- one wrote for as long as the browser keeps its cookie, not enough to say who it was.
CREATE TABLE comment_hand (
    comment $INT NOT NULL PRIMARY KEY REFERENCES comment (id) ON DELETE CASCADE,
    hand    $BYTES NOT NULL
) $STRICT;
