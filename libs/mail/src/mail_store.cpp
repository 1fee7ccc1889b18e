#include "mail_store.hpp"

#include "base/text.hpp"

namespace preau::mail {
namespace {

#define ENTRY_COLUMNS "id, state, kind, recipient, recipient_name, subject, problem, attempts, queued_at, settled_at"

const db::Query insert_sql{"mail.insert", R"(
    INSERT INTO mail_message (id, kind, recipient, recipient_name, subject, body_text, body_html, reply_to, language,
                              automatic, state, attempts, problem, queued_at, settled_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14))"};

const db::Query find_sql{"mail.find", R"(
    SELECT id, state, kind, recipient, recipient_name, subject, body_text, body_html, reply_to, language, automatic,
           queued_at
      FROM mail_message WHERE id = $1)"};

const db::Query settle_sql{"mail.settle", R"(
    UPDATE mail_message SET state = $2, problem = $3, settled_at = $4, attempts = attempts + 1 WHERE id = $1)"};

const db::Query forget_body_sql{"mail.forget_body", R"(
    UPDATE mail_message SET body_text = '', body_html = '' WHERE id = $1)"};

const db::Query delete_older_sql{"mail.delete_older", R"(
    DELETE FROM mail_message WHERE id IN (SELECT id FROM mail_message WHERE queued_at < $1 ORDER BY id LIMIT 500))"};

const db::Query put_bounce_sql{"mail.put_bounce", R"(
    INSERT INTO mail_bounce (address, problem, at) VALUES ($1, $2, $3)
    ON CONFLICT (address) DO UPDATE SET problem = excluded.problem, at = excluded.at)"};

const db::Query entries_sql{"mail.entries", "SELECT " ENTRY_COLUMNS R"( FROM mail_message
     WHERE id < $1 OR $1 = 0 ORDER BY id DESC LIMIT $2)"};

const db::Query entries_in_sql{"mail.entries_in", "SELECT " ENTRY_COLUMNS R"( FROM mail_message
     WHERE state = $1 AND (id < $2 OR $2 = 0) ORDER BY id DESC LIMIT $3)"};

const db::Query entry_sql{"mail.entry", "SELECT " ENTRY_COLUMNS " FROM mail_message WHERE id = $1"};

const db::Query body_sql{"mail.body", R"(
    SELECT body_text, body_html FROM mail_message WHERE id = $1)"};

const db::Query counts_sql{"mail.counts", R"(
    SELECT state, COUNT(*) AS count, MIN(queued_at) AS oldest FROM mail_message GROUP BY state ORDER BY state)"};

const db::Query bounces_sql{"mail.bounces", R"(
    SELECT address, problem, at FROM mail_bounce WHERE address > $1 ORDER BY address LIMIT $2)"};

const db::Query bounce_sql{"mail.bounce", R"(
    SELECT address, problem, at FROM mail_bounce WHERE address = $1)"};

const db::Query clear_bounce_sql{"mail.clear_bounce", R"(
    DELETE FROM mail_bounce WHERE address = $1)"};

} // namespace

namespace store {

void insert(db::Tx& tx, const Row& row, std::string_view problem, Millis settled_at) {
    tx.execute(insert_sql,
               {row.id, row.kind, row.recipient, row.recipient_name, row.subject, row.body_text, row.body_html,
                row.reply_to, row.language, row.automatic, row.state, problem, row.queued_at, settled_at});
}

std::optional<Row> find(db::Tx& tx, MessageId id) { return tx.one<Row>(find_sql, {id}); }

void settle(db::Tx& tx, MessageId id, State state, std::string_view problem, Millis settled_at) {
    tx.execute(settle_sql, {id, state, problem, settled_at});
    if (state == State::Sent || state == State::Bounced || state == State::Withheld) tx.execute(forget_body_sql, {id});
}

void put_bounce(db::Tx& tx, const Bounce& bounce) {
    tx.execute(put_bounce_sql, {bounce.address, bounce.problem, bounce.at});
}

std::int64_t delete_older(db::Tx& tx, Millis queued_before) { return tx.execute(delete_older_sql, {queued_before}); }

} // namespace store

std::vector<Entry> entries(db::Tx& tx, std::optional<State> state, MessageId before, int limit) {
    if (!state) return tx.all<Entry>(entries_sql, {before, limit});
    return tx.all<Entry>(entries_in_sql, {*state, before, limit});
}

std::optional<Entry> find_entry(db::Tx& tx, MessageId id) { return tx.one<Entry>(entry_sql, {id}); }
std::optional<Body> find_body(db::Tx& tx, MessageId id) { return tx.one<Body>(body_sql, {id}); }
std::vector<Count> counts(db::Tx& tx) { return tx.all<Count>(counts_sql, {}); }

std::vector<Bounce> bounces(db::Tx& tx, std::string_view after, int limit) {
    return tx.all<Bounce>(bounces_sql, {after, limit});
}

std::optional<Bounce> find_bounce(db::Tx& tx, std::string_view address) {
    return tx.one<Bounce>(bounce_sql, {to_lower_ascii(address)});
}

bool clear_bounce(db::Tx& tx, std::string_view address) {
    return tx.execute(clear_bounce_sql, {to_lower_ascii(address)}) == 1;
}

} // namespace preau::mail
