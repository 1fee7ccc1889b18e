#include "second_factor_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query count_factors_sql{"identity.count_factors", R"(
    SELECT (SELECT COUNT(*) FROM sign_in_method WHERE person = $1 AND kind = 'password') AS password,
           COALESCE((SELECT created_at FROM totp WHERE person = $1 AND pending = 0), 0) AS totp_since,
           COALESCE((SELECT used_at FROM totp WHERE person = $1 AND pending = 0), 0) AS totp_used,
           (SELECT COUNT(*) FROM passkey WHERE person = $1) AS passkeys,
           (SELECT COUNT(*) FROM recovery_code WHERE person = $1) AS recovery_codes)"};

const db::Query find_proof_sql{"identity.find_proof", "SELECT proved_at, second_at FROM session WHERE id = $1"};
const db::Query mark_proved_sql{"identity.mark_proved", "UPDATE session SET proved_at = $2 WHERE id = $1"};
const db::Query mark_second_sql{"identity.mark_second", "UPDATE session SET second_at = $2 WHERE id = $1"};

const db::Query find_totp_sql{"identity.find_totp", R"(
    SELECT secret, last_step, created_at FROM totp WHERE person = $1 AND pending = $2)"};

const db::Query insert_pending_totp_sql{"identity.insert_pending_totp", R"(
    INSERT INTO totp (person, pending, secret, last_step, created_at, used_at) VALUES ($1, 1, $2, 0, $3, 0))"};

const db::Query delete_totp_sql{"identity.delete_totp", "DELETE FROM totp WHERE person = $1 AND pending = $2"};

const db::Query confirm_totp_sql{"identity.confirm_totp", R"(
    UPDATE totp SET pending = 0, last_step = $2, created_at = $3 WHERE person = $1 AND pending = 1)"};

// Two browsers may send the same code at once: the row that changes decides.
const db::Query advance_totp_sql{"identity.advance_totp", R"(
    UPDATE totp SET last_step = $2, used_at = $3 WHERE person = $1 AND pending = 0 AND last_step < $2)"};

const db::Query delete_recovery_codes_sql{"identity.delete_recovery_codes", R"(
    DELETE FROM recovery_code WHERE person = $1)"};
const db::Query insert_recovery_code_sql{"identity.insert_recovery_code", R"(
    INSERT INTO recovery_code (person, hash, created_at) VALUES ($1, $2, $3))"};
const db::Query delete_recovery_code_sql{"identity.delete_recovery_code", R"(
    DELETE FROM recovery_code WHERE person = $1 AND hash = $2)"};

const db::Query insert_reset_link_sql{"identity.insert_reset_link", R"(
    INSERT INTO one_time_link (id, hash, person, expires_at, resets) VALUES ($1, $2, $3, $4, 1))"};

const db::Query find_link_sql{"identity.find_link", R"(
    SELECT l.person, l.resets FROM one_time_link l JOIN person p ON p.id = l.person
     WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND p.disabled = 0
       AND (p.guest_until IS NULL OR p.guest_until > $2))"};

const db::Query delete_passkeys_sql{"identity.delete_passkeys", "DELETE FROM passkey WHERE person = $1"};
const db::Query remove_password_sql{"identity.remove_password", R"(
    DELETE FROM sign_in_method WHERE person = $1 AND kind = 'password')"};

} // namespace

FactorCounts count_factors(db::Tx& tx, PersonId person) {
    return tx.one<FactorCounts>(count_factors_sql, {person}).value_or(FactorCounts{});
}

std::optional<Proof> find_proof(db::Tx& tx, SessionId session) { return tx.one<Proof>(find_proof_sql, {session}); }
void mark_proved(db::Tx& tx, SessionId session, Millis now) { tx.execute(mark_proved_sql, {session, now}); }
void mark_second(db::Tx& tx, SessionId session, Millis now) { tx.execute(mark_second_sql, {session, now}); }

std::optional<Totp> find_totp(db::Tx& tx, PersonId person, bool pending) {
    return tx.one<Totp>(find_totp_sql, {person, pending});
}

void put_pending_totp(db::Tx& tx, PersonId person, std::string_view sealed, Millis now) {
    delete_totp(tx, person, true);
    tx.execute(insert_pending_totp_sql, {person, db::Bytes{sealed}, now});
}

bool delete_totp(db::Tx& tx, PersonId person, bool pending) {
    return tx.execute(delete_totp_sql, {person, pending}) == 1;
}

void confirm_totp(db::Tx& tx, PersonId person, std::int64_t step, Millis now) {
    delete_totp(tx, person, false);
    tx.execute(confirm_totp_sql, {person, step, now});
}

bool advance_totp(db::Tx& tx, PersonId person, std::int64_t step, Millis now) {
    return tx.execute(advance_totp_sql, {person, step, now}) == 1;
}

void delete_recovery_codes(db::Tx& tx, PersonId person) { tx.execute(delete_recovery_codes_sql, {person}); }

void insert_recovery_code(db::Tx& tx, PersonId person, std::string_view hash, Millis now) {
    tx.execute(insert_recovery_code_sql, {person, db::Bytes{hash}, now});
}

bool delete_recovery_code(db::Tx& tx, PersonId person, std::string_view hash) {
    return tx.execute(delete_recovery_code_sql, {person, db::Bytes{hash}}) == 1;
}

void insert_reset_link(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, Millis expires_at) {
    tx.execute(insert_reset_link_sql, {id, db::Bytes{hash}, person, expires_at});
}

std::optional<Link> find_link(db::Tx& tx, std::string_view hash, Millis now) {
    return tx.one<Link>(find_link_sql, {db::Bytes{hash}, now});
}

void delete_passkeys(db::Tx& tx, PersonId person) { tx.execute(delete_passkeys_sql, {person}); }
void delete_password(db::Tx& tx, PersonId person) { tx.execute(remove_password_sql, {person}); }

} // namespace preau::identity::store
