// Rows of people, as letters see them.
#pragma once

#include "identity/people.hpp"

namespace preau::identity::store {

std::optional<PersonId> person_of_mail(db::Tx& tx, std::string_view mail_key);
void set_mail(db::Tx& tx, PersonId person, std::string_view mail, std::string_view mail_key);

} // namespace preau::identity::store
