-- How many messages with a link somebody sent today: nobody turns the school's mail into a bulk sender.
CREATE TABLE link_mail_sent (
    person $ID PRIMARY KEY,
    day    $INT NOT NULL,                     -- since 1970
    sent   $INT NOT NULL
) $STRICT;
