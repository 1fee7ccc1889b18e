-- Groups as whoever administers a part of the tree finds them: by the order of their names, and by their words.

-- Serves the list of a part with many groups: read in order, one kind or both, until a page is full.
CREATE INDEX group_by_name ON group_ (kind, sort, id);

-- Every group stands in the directory once more, in a scope in which administrators alone look (directory_words.hpp):
-- the server enters those that are there already when it starts.
INSERT INTO directory_entered (kind, done) VALUES (2, 0) ON CONFLICT (kind) DO UPDATE SET done = 0;
