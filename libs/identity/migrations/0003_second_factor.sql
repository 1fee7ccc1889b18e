-- What a person shows besides their password: codes of an application, recovery codes, passkeys; and what a session has
-- shown so far.

-- When the person behind the session last proved who they are, and when a second factor was last shown (0: never).
ALTER TABLE session ADD COLUMN proved_at $INT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN second_at $INT NOT NULL DEFAULT 0;

-- RFC 6238. The secret has to be known to check a code, so it cannot be hashed: it is sealed under the server's secret,
-- and who reads this table alone learns nothing. `pending` is one that was shown and not confirmed yet.
CREATE TABLE totp (
    person      $INT NOT NULL REFERENCES person (id),
    pending     $INT NOT NULL CHECK (pending IN (0, 1)),
    secret      $BYTES NOT NULL,
    last_step   $INT NOT NULL,                -- a code is good once: only later steps are accepted
    created_at  $INT NOT NULL,
    used_at     $INT NOT NULL,                -- 0: not since it was set up
    PRIMARY KEY (person, pending)
) $STRICT;

-- 120 random bits each, so that SHA-256 is enough (ASVS 5.0 6.5.2). A code that was used is gone.
CREATE TABLE recovery_code (
    person      $INT NOT NULL REFERENCES person (id),
    hash        $BYTES NOT NULL,
    created_at  $INT NOT NULL,
    PRIMARY KEY (person, hash)
) $STRICT;

CREATE TABLE passkey (
    id          $INT PRIMARY KEY,
    person      $INT NOT NULL REFERENCES person (id),
    credential  $BYTES NOT NULL UNIQUE,       -- the authenticator's own name for it
    algorithm   $INT NOT NULL,                -- COSE: -7, -8, -257
    public_key  $BYTES NOT NULL,
    sign_count  $INT NOT NULL,                -- 0: the authenticator does not count
    backed_up   $INT NOT NULL CHECK (backed_up IN (0, 1)), -- also on the person's other devices
    label       TEXT NOT NULL,
    created_at  $INT NOT NULL,
    used_at     $INT NOT NULL                 -- 0: never
) $STRICT;
CREATE INDEX passkey_by_person ON passkey (person, id);

-- Challenges that were answered. They are signed and not stored when they are made; the answer writes this row in the
-- transaction that it causes, and a second answer meets the key.
CREATE TABLE spent_challenge (
    challenge   $BYTES PRIMARY KEY,           -- SHA-256
    expires_at  $INT NOT NULL
) $STRICT;
CREATE INDEX spent_challenge_by_expiry ON spent_challenge (expires_at);

-- A link that an administrator had sent: it also takes away all second factors, once its person has opened it.
ALTER TABLE one_time_link ADD COLUMN resets $INT NOT NULL DEFAULT 0;
