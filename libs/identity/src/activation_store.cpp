#include "activation_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query insert_sql{"identity.insert_activation", R"(
    INSERT INTO activation (hash, person, mail_key, created_at, expires_at)
    SELECT $1, id, mail_key, $3, $4 FROM person WHERE id = $2)"};

const db::Query find_sql{"identity.find_activation", R"(
    SELECT a.person FROM activation a JOIN person p ON p.id = a.person
     WHERE a.hash = $1 AND a.expires_at > $2 AND p.mail_key = a.mail_key AND p.disabled = 0
       AND (p.guest_until IS NULL OR p.guest_until > $2))"};

const db::Query account_sql{"identity.account_of_mail", R"(
    SELECT id FROM person WHERE mail_key = $1 AND mail_key <> '' AND disabled = 0
       AND (guest_until IS NULL OR guest_until > $2))"};

const db::Query count_sql{"identity.count_activations", R"(
    SELECT COUNT(*) FROM activation WHERE person = $1 AND created_at > $2)"};

const db::Query void_sql{"identity.void_activations", R"(
    UPDATE activation SET expires_at = created_at WHERE person = $1)"};

const db::Query use_sql{"identity.use_activation", R"(
    UPDATE activation SET expires_at = created_at WHERE hash = $1 AND expires_at > created_at)"};

const db::Query forget_sql{"identity.forget_activations", R"(
    DELETE FROM activation WHERE expires_at < $1)"};

const db::Query ways_in_sql{"identity.ways_in", R"(
    SELECT CASE WHEN EXISTS (SELECT 1 FROM sign_in_method m WHERE m.person = $1 AND m.kind = 'password')
                THEN 1 ELSE 0 END AS password,
           CASE WHEN EXISTS (SELECT 1 FROM passkey k WHERE k.person = $1)
                  OR EXISTS (SELECT 1 FROM provider_link l WHERE l.person = $1) THEN 1 ELSE 0 END AS other)"};

} // namespace

void insert_activation(db::Tx& tx, std::string_view hash, PersonId person, Millis now, Millis expires_at) {
    tx.execute(insert_sql, {db::Bytes{hash}, person, now, expires_at});
}

std::optional<PersonId> find_activation(db::Tx& tx, std::string_view hash, Millis now) {
    return tx.one<PersonId>(find_sql, {db::Bytes{hash}, now});
}

std::int64_t count_activations(db::Tx& tx, PersonId person, Millis since) {
    return tx.one<std::int64_t>(count_sql, {person, since}).value_or(0);
}

void void_activations(db::Tx& tx, PersonId person) { tx.execute(void_sql, {person}); }

bool use_activation(db::Tx& tx, std::string_view hash) { return tx.execute(use_sql, {db::Bytes{hash}}) == 1; }

void forget_activations(db::Tx& tx, Millis expired_before) { tx.execute(forget_sql, {expired_before}); }

std::optional<PersonId> account_of_mail(db::Tx& tx, std::string_view mail_key, Millis now) {
    return tx.one<PersonId>(account_sql, {mail_key, now});
}

WaysIn ways_in(db::Tx& tx, PersonId person) { return tx.one<WaysIn>(ways_in_sql, {person}).value_or(WaysIn{}); }

} // namespace preau::identity::store
