// Rows of people at providers.
#pragma once

#include "identity/providers.hpp"

namespace preau::identity::store {

bool insert_spent_answer(db::Tx& tx, std::string_view hash, Millis expires_at); // false: it is there
void forget_spent_answers(db::Tx& tx, Millis expired_before);
struct ProviderPerson {
    PersonId person;
    bool closed = false; // the account; a guest's whose time is over too
};
PREAU_DESCRIBE(ProviderPerson, person, closed)
std::optional<ProviderPerson> find_provider_person(db::Tx& tx, std::string_view issuer, std::string_view subject,
                                                   Millis now);
bool insert_provider_link(db::Tx& tx, std::string_view issuer, std::string_view subject, PersonId person, Millis now);
void mark_provider_link(db::Tx& tx, std::string_view issuer, std::string_view subject, Millis now);
std::vector<ProviderLink> provider_links(db::Tx& tx, PersonId person);
bool delete_provider_links(db::Tx& tx, PersonId person, std::string_view issuer);

} // namespace preau::identity::store
