-- The outbox belongs to `jobs` now, which reads it for its subscribers.
INSERT INTO outbox (kind, item, actor, link, detail, at)
SELECT kind, item, actor, link, detail, at FROM event ORDER BY id;
DROP TABLE event;
