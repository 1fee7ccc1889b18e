-- Ways in for people whom an import made: a link by mail, and the sign-in of somebody else (OpenID Connect).

-- Asked for on the sign-in page, sent by mail, good once. It proves the address and nothing more: a second factor is
-- asked for all the same.
CREATE TABLE activation (
    hash        $BYTES PRIMARY KEY,           -- SHA-256 of the token
    person      $INT NOT NULL REFERENCES person (id),
    mail_key    TEXT NOT NULL,                -- where it went: when the account has another address, it is void
    created_at  $INT NOT NULL,
    expires_at  $INT NOT NULL
) $STRICT;
CREATE INDEX activation_by_person ON activation (person, created_at);
CREATE INDEX activation_by_expiry ON activation (expires_at);

-- Who somebody is at a provider: its issuer and its own name for the person, never a mail address, which it may give to
-- another person tomorrow.
CREATE TABLE provider_link (
    issuer      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    person      $INT NOT NULL REFERENCES person (id),
    created_at  $INT NOT NULL,
    used_at     $INT NOT NULL,
    PRIMARY KEY (issuer, subject)
) $STRICT;
CREATE INDEX provider_link_by_person ON provider_link (person, issuer);

-- Answers of providers that were taken: a second one of the same state is refused.
CREATE TABLE spent_answer (
    state       $BYTES PRIMARY KEY,           -- SHA-256
    expires_at  $INT NOT NULL
) $STRICT;
CREATE INDEX spent_answer_by_expiry ON spent_answer (expires_at);
