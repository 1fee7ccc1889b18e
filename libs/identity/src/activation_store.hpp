// Rows of links by mail.
#pragma once

#include "identity/people.hpp"

namespace preau::identity::store {

void insert_activation(db::Tx& tx, std::string_view hash, PersonId person, Millis now, Millis expires_at);
std::optional<PersonId> find_activation(db::Tx& tx, std::string_view hash, Millis now); // open accounts only
std::int64_t count_activations(db::Tx& tx, PersonId person, Millis since);
void void_activations(db::Tx& tx, PersonId person); // they still count
bool use_activation(db::Tx& tx, std::string_view hash);
void forget_activations(db::Tx& tx, Millis expired_before);
std::optional<PersonId> account_of_mail(db::Tx& tx, std::string_view mail_key, Millis now); // open accounts only
struct WaysIn {
    bool password = false;
    bool other = false; // a passkey, or a provider
};
PREAU_DESCRIBE(WaysIn, password, other)
WaysIn ways_in(db::Tx& tx, PersonId person);

} // namespace preau::identity::store
