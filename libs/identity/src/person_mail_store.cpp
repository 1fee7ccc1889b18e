#include "person_mail_store.hpp"

namespace preau::identity::store {
namespace {

const db::Query person_of_mail_sql{"identity.person_of_mail",
                                   "SELECT id FROM person WHERE mail_key = $1 AND mail_key <> ''"};
const db::Query set_mail_sql{"identity.set_mail", "UPDATE person SET mail = $2, mail_key = $3 WHERE id = $1"};

} // namespace

std::optional<PersonId> person_of_mail(db::Tx& tx, std::string_view mail_key) {
    return tx.one<PersonId>(person_of_mail_sql, {mail_key});
}

void set_mail(db::Tx& tx, PersonId person, std::string_view mail, std::string_view mail_key) {
    tx.execute(set_mail_sql, {person, mail, mail_key});
}

} // namespace preau::identity::store
