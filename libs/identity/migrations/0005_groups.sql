-- Groups that people make, find and join; functions below a structure as something that may be given something; guests.

-- "Teachers below this académie". A row when somebody first gave them something, so that a viewer carries the few that
-- matter and not each function in each structure above. `id` is computed from the other two (functions.hpp).
CREATE TABLE function_subject (
    id         $INT NOT NULL PRIMARY KEY,
    structure  $INT NOT NULL REFERENCES structure (id),
    function   TEXT NOT NULL
) $STRICT;
CREATE UNIQUE INDEX function_subject_of ON function_subject (structure, function);

-- `sort` is the French order of the name ('' until the server started once); `joining` is 0 by invitation, 1 moderated,
-- 2 open; `members` and `requests` are kept, so that a page never counts 100,000 rows.
ALTER TABLE group_ ADD COLUMN sort TEXT NOT NULL DEFAULT '';
ALTER TABLE group_ ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE group_ ADD COLUMN joining $INT NOT NULL DEFAULT 0;
ALTER TABLE group_ ADD COLUMN members $INT NOT NULL DEFAULT 0;
ALTER TABLE group_ ADD COLUMN requests $INT NOT NULL DEFAULT 0;
ALTER TABLE group_ ADD COLUMN created_at $INT NOT NULL DEFAULT 0;
UPDATE group_ SET members = (SELECT COUNT(*) FROM group_member m WHERE m.group_id = group_.id);
-- Serves "to discover", a structure at a time.
CREATE INDEX group_to_join ON group_ (structure, sort, id) WHERE joining > 0;
CREATE INDEX group_unsorted ON group_ (id) WHERE sort = '';

-- The name's sort key once more, so that a page of a group of 100,000 is a range of an index.
ALTER TABLE group_member ADD COLUMN sort TEXT NOT NULL DEFAULT '';
ALTER TABLE group_member ADD COLUMN since $INT NOT NULL DEFAULT 0;
UPDATE group_member SET sort = (SELECT CAST(p.sort_key AS TEXT) FROM person p WHERE p.id = group_member.person);
CREATE INDEX group_member_by_name ON group_member (group_id, sort, person);
-- Serves "who decides here", "is there another owner".
CREATE INDEX group_member_leading ON group_member (group_id, role, person) WHERE role <> 'member';

CREATE TABLE group_request (
    group_id  $INT NOT NULL REFERENCES group_ (id),
    person    $INT NOT NULL REFERENCES person (id),
    message   TEXT NOT NULL,
    asked_at  $INT NOT NULL,
    PRIMARY KEY (group_id, person)
) $STRICT;
CREATE INDEX group_request_by_time ON group_request (group_id, asked_at, person);
CREATE INDEX group_request_by_person ON group_request (person);

CREATE TABLE group_invitation (
    group_id    $INT NOT NULL REFERENCES group_ (id),
    person      $INT NOT NULL REFERENCES person (id),
    invited_by  $INT NOT NULL REFERENCES person (id),
    invited_at  $INT NOT NULL,
    PRIMARY KEY (group_id, person)
) $STRICT;
CREATE INDEX group_invitation_by_time ON group_invitation (group_id, invited_at, person);
CREATE INDEX group_invitation_by_person ON group_invitation (person);

-- By which any member of staff joins. The address is computed from the id and the server's key: nothing here opens it.
CREATE TABLE group_link (
    id          $INT NOT NULL PRIMARY KEY,
    group_id    $INT NOT NULL REFERENCES group_ (id),
    made_by     $INT NOT NULL,
    until_at    $INT NOT NULL,
    revoked_at  $INT
) $STRICT;
CREATE INDEX group_link_by_group ON group_link (group_id, id) WHERE revoked_at IS NULL;

-- A guest is a person with an end; from that moment on nobody any more. None: staff.
ALTER TABLE person ADD COLUMN guest_until $INT;
CREATE INDEX person_guest_until ON person (guest_until, id) WHERE guest_until IS NOT NULL;

CREATE TABLE guest (
    person      $INT NOT NULL PRIMARY KEY REFERENCES person (id),
    sponsor     $INT NOT NULL REFERENCES person (id),
    structure   $INT NOT NULL REFERENCES structure (id), -- whose rule it was invited under
    invited_at  $INT NOT NULL,
    told_for    $INT NOT NULL DEFAULT 0      -- the end that sponsor and guest were told about
) $STRICT;
CREATE INDEX guest_by_sponsor ON guest (sponsor, person);

-- What a structure says about guests; one without a row follows the nearest above.
CREATE TABLE guest_policy (
    structure    $INT NOT NULL PRIMARY KEY REFERENCES structure (id),
    allowed      $INT NOT NULL CHECK (allowed IN (0, 1)),
    per_sponsor  $INT NOT NULL CHECK (per_sponsor BETWEEN 1 AND 500)
) $STRICT;
