-- What one act suspended, newest first, and whether somebody has been written to about it.
DROP INDEX link_suspended;
CREATE INDEX link_suspended_by ON link (suspended, id) WHERE suspended IS NOT NULL;
CREATE INDEX link_suspended_of ON link (suspended, made_by) WHERE suspended IS NOT NULL;
-- The list of all that is suspended.
CREATE INDEX link_suspended_all ON link (id) WHERE revoked_at IS NULL AND suspended IS NOT NULL AND item <> 0;
DROP INDEX suspended_public_by_suspension;
CREATE INDEX suspended_public_by ON suspended_public (suspension, item);
CREATE INDEX suspended_public_of ON suspended_public (suspension, given_by);
