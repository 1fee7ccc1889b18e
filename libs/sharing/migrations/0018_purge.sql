-- Serves the purge of what has lain in any trash for longer than it is kept.
CREATE INDEX item_by_trash_time ON item (trashed_at, id) WHERE trashed_at IS NOT NULL;
-- Serves the purge of an item: who did something with it lately.
CREATE INDEX recent_by_item ON recent (item);
