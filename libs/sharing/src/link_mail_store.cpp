#include "link_mail_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query sent_sql{"sharing.link_mails_sent", R"(
    SELECT sent FROM link_mail_sent WHERE person = $1 AND day = $2)"};

const db::Query add_sql{"sharing.add_link_mails_sent", R"(
    INSERT INTO link_mail_sent (person, day, sent) VALUES ($1, $2, $3)
    ON CONFLICT (person) DO UPDATE SET
        sent = CASE WHEN link_mail_sent.day = excluded.day THEN link_mail_sent.sent ELSE 0 END + excluded.sent,
        day = excluded.day)"};

} // namespace

std::int64_t link_mails_sent(db::Tx& tx, PersonId person, std::int64_t day) {
    return tx.one<std::int64_t>(sent_sql, {person, day}).value_or(0);
}

void add_link_mails_sent(db::Tx& tx, PersonId person, std::int64_t day, std::int64_t count) {
    tx.execute(add_sql, {person, day, count});
}

} // namespace preau::sharing::store
