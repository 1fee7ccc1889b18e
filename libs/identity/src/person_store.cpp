#include "person_store.hpp"

namespace preau::identity::store {
namespace {

// Login and mail each have a unique index. Asking first would leave a gap on PostgreSQL between two connections; the
// conflict is the answer instead.
const db::Query insert_person_sql{"identity.insert_person", R"(
    INSERT INTO person (id, login, name, sort_key, mail, mail_key, language, admin, disabled, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) ON CONFLICT DO NOTHING)"};

const db::Query find_person_sql{"identity.find_person", R"(
    SELECT id, login, name, mail, language, admin, disabled, created_at, picture FROM person WHERE id = $1)"};

const db::Query find_by_login_sql{"identity.find_by_login", R"(
    SELECT id, login, name, mail, language, admin, disabled, created_at, picture FROM person WHERE login = $1)"};

const db::Query people_of_sql{"identity.people_of", R"(
    SELECT id, login, name, mail, language, admin, disabled, created_at, picture FROM person WHERE id $IDS(1) ORDER BY id)"};

const db::Query has_people_sql{"identity.has_people", "SELECT id FROM person LIMIT 1"};

const db::Query set_language_sql{"identity.set_language", "UPDATE person SET language = $2 WHERE id = $1"};

const db::Query set_name_sql{"identity.set_name", "UPDATE person SET name = $2, sort_key = $3 WHERE id = $1"};

const db::Query app_passwords_of_sql{"identity.app_passwords_of", R"(
    SELECT id, label, created_at, used_at FROM app_password WHERE person = $1 ORDER BY id DESC)"};

const db::Query delete_app_password_sql{"identity.delete_app_password", R"(
    DELETE FROM app_password WHERE id = $1 AND person = $2)"};

const db::Query set_disabled_sql{"identity.set_disabled", "UPDATE person SET disabled = $2 WHERE id = $1"};

const db::Query delete_password_sql{"identity.delete_password", R"(
    DELETE FROM sign_in_method WHERE person = $1 AND kind = 'password')"};

const db::Query insert_password_sql{"identity.insert_password", R"(
    INSERT INTO sign_in_method (id, person, kind, data, created_at) VALUES ($1, $2, 'password', $3, $4))"};

// A login holds no '@', an address holds one: only one of the two can match. Both are unique indexes.
const db::Query find_account_sql{"identity.find_account", R"(
    SELECT p.id AS person, p.login, COALESCE(m.data, '') AS phc,
           CASE WHEN p.disabled = 1 OR p.guest_until <= $2 THEN 1 ELSE 0 END AS disabled
      FROM person p LEFT JOIN sign_in_method m ON m.person = p.id AND m.kind = 'password'
     WHERE p.id IN (SELECT id FROM person WHERE login = $1
                    UNION ALL SELECT id FROM person WHERE mail_key = $1 AND mail_key <> ''))"};

const db::Query insert_app_password_sql{"identity.insert_app_password", R"(
    INSERT INTO app_password (id, hash, person, label, created_at) VALUES ($1, $2, $3, $4, $5))"};

const db::Query find_app_password_sql{"identity.find_app_password", R"(
    SELECT a.id, a.person, a.used_at FROM app_password a JOIN person p ON p.id = a.person
     WHERE a.hash = $1 AND p.login = $2 AND p.disabled = 0 AND (p.guest_until IS NULL OR p.guest_until > $3))"};

const db::Query mark_app_password_sql{"identity.mark_app_password", R"(
    UPDATE app_password SET used_at = $2 WHERE id = $1)"};

const db::Query insert_one_time_sql{"identity.insert_one_time_link", R"(
    INSERT INTO one_time_link (id, hash, person, expires_at) VALUES ($1, $2, $3, $4))"};

const db::Query find_one_time_sql{"identity.find_one_time_link", R"(
    SELECT l.person FROM one_time_link l JOIN person p ON p.id = l.person
     WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND p.disabled = 0
       AND (p.guest_until IS NULL OR p.guest_until > $2))"};

const db::Query use_one_time_sql{"identity.use_one_time_link", R"(
    UPDATE one_time_link SET used_at = $2 WHERE hash = $1 AND used_at IS NULL)"};

const db::Query forget_one_time_sql{"identity.forget_one_time_links", R"(
    DELETE FROM one_time_link WHERE expires_at < $1)"};

} // namespace

bool insert_person(db::Tx& tx, const PersonRow& row) {
    const auto& person = row.person;
    return tx.execute(insert_person_sql, {person.id, person.login, person.name, db::Bytes{row.sort_key}, person.mail,
                                          row.mail_key, person.language, person.admin, person.created_at}) == 1;
}

std::optional<Person> find_person(db::Tx& tx, PersonId id) { return tx.one<Person>(find_person_sql, {id}); }

std::optional<Person> find_by_login(db::Tx& tx, std::string_view login) {
    return tx.one<Person>(find_by_login_sql, {login});
}

std::vector<Person> people_of(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return tx.all<Person>(people_of_sql, {db::Ids{ids}});
}

bool has_people(db::Tx& tx) { return tx.one<std::int64_t>(has_people_sql, {}).has_value(); }

void set_language(db::Tx& tx, PersonId person, std::string_view language) {
    tx.execute(set_language_sql, {person, language});
}

void set_name(db::Tx& tx, PersonId person, std::string_view name, std::string_view sort_key) {
    tx.execute(set_name_sql, {person, name, db::Bytes{sort_key}});
}

std::vector<AppPasswordRow> app_passwords_of(db::Tx& tx, PersonId person) {
    return tx.all<AppPasswordRow>(app_passwords_of_sql, {person});
}

bool delete_app_password(db::Tx& tx, PersonId person, Id<struct AppPasswordTag> id) {
    return tx.execute(delete_app_password_sql, {id, person}) == 1;
}

void set_disabled(db::Tx& tx, PersonId person, bool disabled) { tx.execute(set_disabled_sql, {person, disabled}); }

void put_password(db::Tx& tx, std::int64_t id, PersonId person, std::string_view phc, Millis now) {
    tx.execute(delete_password_sql, {person});
    tx.execute(insert_password_sql, {id, person, phc, now});
}

std::optional<Account> find_account(db::Tx& tx, std::string_view login_or_mail, Millis now) {
    return tx.one<Account>(find_account_sql, {login_or_mail, now});
}

void insert_app_password(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, std::string_view label,
                         Millis now) {
    tx.execute(insert_app_password_sql, {id, db::Bytes{hash}, person, label, now});
}

std::optional<AppPassword> find_app_password(db::Tx& tx, std::string_view hash, std::string_view login, Millis now) {
    return tx.one<AppPassword>(find_app_password_sql, {db::Bytes{hash}, login, now});
}

void mark_app_password_used(db::Tx& tx, std::int64_t id, Millis now) { tx.execute(mark_app_password_sql, {id, now}); }

void insert_one_time_link(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, Millis expires_at) {
    tx.execute(insert_one_time_sql, {id, db::Bytes{hash}, person, expires_at});
}

std::optional<PersonId> use_one_time_link(db::Tx& tx, std::string_view hash, Millis now) {
    auto person = tx.one<PersonId>(find_one_time_sql, {db::Bytes{hash}, now});
    // Two browsers may open it at once: the row that changes decides, not the one that was read.
    if (!person || tx.execute(use_one_time_sql, {db::Bytes{hash}, now}) != 1) return std::nullopt;
    return person;
}

void forget_one_time_links(db::Tx& tx, Millis expired_before) { tx.execute(forget_one_time_sql, {expired_before}); }

} // namespace preau::identity::store
