-- How many browsers came by a link, how many may, and when the last one did.
ALTER TABLE link ADD COLUMN max_uses $INT;
ALTER TABLE link ADD COLUMN uses $INT NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN used_at $INT;
-- Serve "my links" and "shared by me", newest first.
CREATE INDEX link_by_maker ON link (made_by, id);
CREATE INDEX grant_by_giver ON grant_ (given_by, given_at, item, subject_kind, subject);
