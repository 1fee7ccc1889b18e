// Rows of messages and bounces.
#pragma once

#include "mail/mail.hpp"

namespace preau::mail::store {

struct Row { // what it takes to send one
    MessageId id;
    State state = State::Waiting;
    std::string kind, recipient, recipient_name, subject, body_text, body_html, reply_to, language;
    bool automatic = true;
    Millis queued_at = 0;
};
PREAU_DESCRIBE(Row, id, state, kind, recipient, recipient_name, subject, body_text, body_html, reply_to, language,
               automatic, queued_at)

void insert(db::Tx& tx, const Row& row, std::string_view problem, Millis settled_at);
std::optional<Row> find(db::Tx& tx, MessageId id);
// Counts a try. The body goes where nobody will send it again: Sent, Bounced and Withheld.
void settle(db::Tx& tx, MessageId id, State state, std::string_view problem, Millis settled_at);
void put_bounce(db::Tx& tx, const Bounce& bounce);
std::int64_t delete_older(db::Tx& tx, Millis queued_before);

} // namespace preau::mail::store
