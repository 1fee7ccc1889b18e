// Rows of people and of what they sign in with.
#pragma once

#include "identity/people.hpp"

namespace preau::identity::store {

struct PersonRow {
    Person person;
    std::string sort_key;
    std::string mail_key;
};
// False: login or mail is taken, also by somebody who is being stored at this moment on another connection.
bool insert_person(db::Tx& tx, const PersonRow& row);
std::optional<Person> find_person(db::Tx& tx, PersonId id);
std::optional<Person> find_by_login(db::Tx& tx, std::string_view login);
std::vector<Person> people_of(db::Tx& tx, const std::vector<std::int64_t>& ids);
bool has_people(db::Tx& tx);
void set_language(db::Tx& tx, PersonId person, std::string_view language);
void set_disabled(db::Tx& tx, PersonId person, bool disabled);
void put_password(db::Tx& tx, std::int64_t id, PersonId person, std::string_view phc, Millis now);

struct Account { // what checking a password needs
    PersonId person;
    std::string login;
    bool disabled = false;
    std::string phc; // empty: has no password
};
PREAU_DESCRIBE(Account, person, login, disabled, phc)
// In lower case. A guest whose end has come is as good as disabled.
std::optional<Account> find_account(db::Tx& tx, std::string_view login_or_mail, Millis now);

struct AppPassword {
    std::int64_t id = 0;
    PersonId person;
    std::optional<Millis> used_at;
};
PREAU_DESCRIBE(AppPassword, id, person, used_at)
std::vector<AppPasswordRow> app_passwords_of(db::Tx& tx, PersonId person);
bool delete_app_password(db::Tx& tx, PersonId person, Id<struct AppPasswordTag> id);
void set_name(db::Tx& tx, PersonId person, std::string_view name, std::string_view sort_key);
void insert_app_password(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, std::string_view label,
                         Millis now);
std::optional<AppPassword> find_app_password(db::Tx& tx, std::string_view hash, std::string_view login, Millis now);
void mark_app_password_used(db::Tx& tx, std::int64_t id, Millis now);

void insert_one_time_link(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, Millis expires_at);
// Marks it used; nothing when it is unknown, expired or was used, or its person is disabled.
std::optional<PersonId> use_one_time_link(db::Tx& tx, std::string_view hash, Millis now);
void forget_one_time_links(db::Tx& tx, Millis expired_before);

} // namespace preau::identity::store
