// Rules of people: what a login and an address may look like, and what is made for somebody to sign in with.
#include "identity/people.hpp"

#include "attachment_store.hpp"
#include "directory_words.hpp"
#include "group_store.hpp"
#include "mail_format.hpp"
#include "person_store.hpp"
#include "secret_format.hpp"
#include "session_store.hpp"

#include "base/embedded.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace preau::embedded {
std::span<const EmbeddedFile> identity_migrations();
}

namespace preau::identity {
namespace {

bool is_login_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' ||
           letter == '-';
}

// A login stands in addresses and on paper for good, so it starts with a letter or digit.
bool well_formed_login(std::string_view login) {
    return login.size() >= 2 && login.size() <= 64 && std::ranges::all_of(login, is_login_letter) &&
           login.front() != '.' && login.front() != '-' && login.front() != '_';
}

} // namespace

Result<Person> create_person(db::Tx& tx, IdSource& ids, Millis now, const NewPerson& person) {
    if (!well_formed_login(person.login)) return invalid("login", "identity.login_malformed");
    auto name = TRY(check_line(person.name, "name", 1, 200));
    auto mail = std::string{trimmed(person.mail)};
    if (!mail.empty() && !well_formed_mail(mail)) return invalid("mail", "identity.mail_malformed");
    store::PersonRow row{.person = {.id = ids.next_as<PersonId>(),
                                    .login = person.login,
                                    .name = name,
                                    .mail = mail,
                                    .admin = person.admin,
                                    .created_at = now},
                         .sort_key = sort_key(name),
                         .mail_key = to_lower_ascii(mail)};
    if (!store::insert_person(tx, row)) {
        if (store::find_by_login(tx, person.login)) return fail(Error::Kind::Conflict, "identity.login_taken", "login");
        return fail(Error::Kind::Conflict, "identity.mail_taken", "mail");
    }
    if (!person.password_hash.empty()) store::put_password(tx, ids.next(), row.person.id, person.password_hash, now);
    enter_person(tx, row.person.id, name);
    return row.person;
}

std::optional<Person> find_person(db::Tx& tx, PersonId id) { return store::find_person(tx, id); }

std::optional<Person> find_person_by_login(db::Tx& tx, std::string_view login) {
    return store::find_by_login(tx, login);
}

std::vector<Person> people_of(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    return ids.empty() ? std::vector<Person>{} : store::people_of(tx, ids);
}

bool has_people(db::Tx& tx) { return store::has_people(tx); }

void set_language(db::Tx& tx, PersonId person, std::string_view language) { store::set_language(tx, person, language); }

Result<void> set_name(db::Tx& tx, PersonId person, std::string_view name) {
    auto line = TRY(check_line(name, "name", 1, 200));
    store::leave_everywhere(tx, person);
    store::set_name(tx, person, line, sort_key(line));
    store::stand_everywhere(tx, person);
    store::sort_member(tx, person);
    leave_directory(tx, subject(person));
    const auto found = store::find_person(tx, person);
    if (found) found->disabled ? enter_closed(tx, person, line) : enter_person(tx, person, line);
    return {};
}

void set_password(db::Tx& tx, IdSource& ids, PersonId person, std::string_view phc, Millis now) {
    store::put_password(tx, ids.next(), person, phc, now);
}

void set_disabled(db::Tx& tx, PersonId person, bool disabled) {
    store::set_disabled(tx, person, disabled);
    const auto found = store::find_person(tx, person);
    if (disabled) store::delete_sessions_of(tx, person, SessionId{});
    leave_directory(tx, subject(person));
    if (!found) return;
    disabled ? enter_closed(tx, person, found->name) : enter_person(tx, person, found->name);
}

std::string make_app_password(db::Tx& tx, IdSource& ids, Random& random, PersonId person, std::string_view label,
                              Millis now) {
    auto secret = new_app_password(random);
    store::insert_app_password(tx, ids.next(), sha256(bare_app_password(secret)), person, cut_to_bytes(label, 100),
                               now);
    return secret;
}

std::vector<AppPasswordRow> app_passwords_of(db::Tx& tx, PersonId person) {
    return store::app_passwords_of(tx, person);
}

bool revoke_app_password(db::Tx& tx, PersonId person, Id<struct AppPasswordTag> id) {
    return store::delete_app_password(tx, person, id);
}

std::string make_one_time_link(db::Tx& tx, IdSource& ids, Random& random, PersonId person, Millis now,
                               Millis lifetime) {
    auto token = random.token(32);
    store::forget_one_time_links(tx, now - 1_days);
    store::insert_one_time_link(tx, ids.next(), sha256(token), person, now + lifetime);
    return token;
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> answer;
    for (const auto& file : embedded::identity_migrations())
        answer.push_back({.name = "identity/" + std::string{file.name}, .sql = std::string{file.data}});
    return answer;
}

} // namespace preau::identity
