#include "passkey_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query passkeys_of_sql{"identity.passkeys_of", R"(
    SELECT id, person, label, backed_up, created_at, used_at FROM passkey WHERE person = $1 ORDER BY id)"};

const db::Query credentials_of_sql{"identity.credentials_of", R"(
    SELECT credential FROM passkey WHERE person = $1 ORDER BY id)"};

const db::Query insert_passkey_sql{"identity.insert_passkey", R"(
    INSERT INTO passkey (id, person, credential, algorithm, public_key, sign_count, backed_up, label, created_at, used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT DO NOTHING)"};

const db::Query delete_passkey_sql{"identity.delete_passkey", "DELETE FROM passkey WHERE id = $1 AND person = $2"};

const db::Query find_passkey_sql{"identity.find_passkey", R"(
    SELECT k.id, k.person, k.algorithm, k.public_key FROM passkey k JOIN person p ON p.id = k.person
     WHERE k.credential = $1 AND p.disabled = 0)"};

// Authenticators that do not count say 0 for ever.
const db::Query count_use_sql{"identity.count_passkey_use", R"(
    UPDATE passkey SET sign_count = $2, used_at = $3
     WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)))"};

const db::Query insert_spent_sql{"identity.insert_spent_challenge", R"(
    INSERT INTO spent_challenge (challenge, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

// A few at each sign-in, as with sessions.
const db::Query forget_spent_sql{"identity.forget_spent_challenges", R"(
    DELETE FROM spent_challenge WHERE challenge IN (
        SELECT challenge FROM spent_challenge WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 $SKIP_LOCKED))"};

} // namespace

std::vector<Passkey> passkeys_of(db::Tx& tx, PersonId person) { return tx.all<Passkey>(passkeys_of_sql, {person}); }

std::vector<std::string> credentials_of(db::Tx& tx, PersonId person) {
    return tx.all<std::string>(credentials_of_sql, {person});
}

bool insert_passkey(db::Tx& tx, PasskeyId id, const NewPasskey& passkey, Millis now) {
    const auto& made = passkey.credential;
    return tx.execute(insert_passkey_sql,
                      {id, passkey.person, db::Bytes{made.credential}, made.algorithm, db::Bytes{made.public_key},
                       made.sign_count, made.backed_up, passkey.label, now}) == 1;
}

bool delete_passkey(db::Tx& tx, PersonId person, PasskeyId passkey) {
    return tx.execute(delete_passkey_sql, {passkey, person}) == 1;
}

std::optional<Held> find_passkey(db::Tx& tx, std::string_view credential) {
    return tx.one<Held>(find_passkey_sql, {db::Bytes{credential}});
}

bool count_use(db::Tx& tx, PasskeyId passkey, std::int64_t sign_count, Millis now) {
    return tx.execute(count_use_sql, {passkey, sign_count, now}) == 1;
}

bool insert_spent(db::Tx& tx, std::string_view hash, Millis expires_at) {
    return tx.execute(insert_spent_sql, {db::Bytes{hash}, expires_at}) == 1;
}

void forget_spent(db::Tx& tx, Millis now, int most) { tx.execute(forget_spent_sql, {now, most}); }

} // namespace preau::identity::store
