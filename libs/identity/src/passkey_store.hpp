// Rows of passkeys and of challenges that were answered.
#pragma once

#include "identity/passkeys.hpp"

namespace preau::identity::store {

std::vector<Passkey> passkeys_of(db::Tx& tx, PersonId person);
std::vector<std::string> credentials_of(db::Tx& tx, PersonId person);
bool insert_passkey(db::Tx& tx, PasskeyId id, const NewPasskey& passkey, Millis now); // false: the credential is known
bool delete_passkey(db::Tx& tx, PersonId person, PasskeyId passkey);
std::optional<Held> find_passkey(db::Tx& tx, std::string_view credential);
bool count_use(db::Tx& tx, PasskeyId passkey, std::int64_t sign_count, Millis now);

bool insert_spent(db::Tx& tx, std::string_view hash, Millis expires_at); // false: it was answered before
void forget_spent(db::Tx& tx, Millis now, int most);

} // namespace preau::identity::store
