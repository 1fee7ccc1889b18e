// The address that somebody's letters go to: never who they are, since académies give addresses to somebody else later.
#pragma once

#include "identity/people.hpp"

#include <optional>

namespace preau::identity {

std::optional<PersonId> person_of_mail(db::Tx& tx, std::string_view mail); // capitals do not matter
// None: takes it away. Links that went to the one before are void. Errors: identity.mail_malformed,
// identity.mail_taken (Conflict).
Result<void> set_mail(db::Tx& tx, PersonId person, std::string_view mail);

} // namespace preau::identity
