// "Activer mon compte" and a forgotten password: a link by mail to whoever has the address of an account. The page says
// the same to everybody, at once; what follows is a job's business, so that neither words nor time tell whether an
// address is known. The link proves the address alone: a second factor is asked for all the same, and who signs in by
// passkey or at a provider, without any password here, gets none by mail: a mailbox is less than what they chose.
#pragma once

#include "identity/people.hpp"

#include <optional>

namespace preau::identity {

inline constexpr Millis activation_lifetime = 24_h;
inline constexpr int most_activations_an_hour = 3; // letters to one account

struct Activation {
    Person person;
    bool forgotten = false; // the account is in use already
    std::string token; // empty: there is another way in and no password, so no link either
};
// Nothing: nobody has this address, the account is closed, a guest's time is over, or too many letters went there in
// the last hour. Links from before are void.
std::optional<Activation> begin_activation(db::Tx& tx, Random& random, std::string_view mail, Millis now);
// Whose link this is, without using it: pages are opened by programs that look at mail. Errors: identity.link_used
// (Gone).
Result<Activation> find_activation(db::Tx& tx, std::string_view token, Millis now);
// Uses the link, and with it all others of this person. Errors: identity.link_used.
Result<PersonId> use_activation(db::Tx& tx, std::string_view token, Millis now);
// The same with a new password; sessions that were open end, whoever opened them.
Result<PersonId> activate(db::Tx& tx, IdSource& ids, std::string_view token, std::string_view phc, Millis now);

} // namespace preau::identity
