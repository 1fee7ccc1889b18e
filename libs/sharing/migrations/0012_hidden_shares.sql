-- What somebody does not want to see among what is shared with them. Their rights stay as they are.
CREATE TABLE hidden_share (
    person $INT NOT NULL,
    item   $INT NOT NULL,
    PRIMARY KEY (person, item)
) $STRICT;
