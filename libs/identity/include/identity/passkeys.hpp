// Passkeys of people: what the server says to a browser before, and what it does with the answer. With the user
// verified by the device, a passkey is both factors at once and needs no name typed.
#pragma once

#include "identity/sessions.hpp"
#include "identity/webauthn.hpp"

namespace preau::identity {

using PasskeyId = Id<struct PasskeyTag>;

struct Passkey {
    PasskeyId id;
    PersonId person;
    std::string label;
    bool backed_up = false;
    Millis created_at = 0;
    Millis used_at = 0; // 0: never
};
PREAU_DESCRIBE(Passkey, id, person, label, backed_up, created_at, used_at)

inline constexpr std::int64_t most_passkeys = 20; // of one person
inline constexpr Millis challenge_lifetime = 5_min;

// 56 bytes: random, when it ends, and a signature over both and `bound_to`: what for, and which browser. Nothing is
// stored until it is answered.
std::string make_challenge(const Identity& identity, Random& random, std::string_view bound_to, Millis now);
// Of this server, for this browser and purpose, and not over. Errors: identity.passkey_challenge (Gone).
Result<void> check_challenge(const Identity& identity, std::string_view challenge, std::string_view bound_to,
                             Millis now);
// Once: in the transaction that the answer causes. Same error.
Result<void> spend_challenge(db::Tx& tx, std::string_view challenge, Millis now);

// What authenticators keep as the account's handle: nothing that says who it is (§14.6.1).
std::string user_handle(const Identity& identity, PersonId person);

std::vector<Passkey> passkeys_of(db::Tx& tx, PersonId person); // oldest first
std::vector<std::string> credentials_of(db::Tx& tx,
                                        PersonId person); // raw, for excludeCredentials and allowCredentials
struct NewPasskey {
    PersonId person;
    NewCredential credential;
    std::string label; // 1 to 60 characters
};
// Errors: identity.passkey_known (Conflict), identity.passkey_many (Conflict), those of check_line for "label".
Result<PasskeyId> add_passkey(db::Tx& tx, IdSource& ids, const NewPasskey& passkey, Millis now);
bool remove_passkey(db::Tx& tx, PersonId person, PasskeyId passkey);

struct Held { // a passkey as signing in needs it
    PasskeyId id;
    PersonId person;
    std::int64_t algorithm = 0;
    std::string public_key;
};
PREAU_DESCRIBE(Held, id, person, algorithm, public_key)
std::optional<Held> find_passkey(db::Tx& tx, std::string_view credential); // of who is not disabled
// Counts. Errors: identity.passkey_refused when it was removed meanwhile or its counter stands still, which is what a
// copied key looks like (§6.1.1).
Result<void> use_passkey(db::Tx& tx, PasskeyId passkey, std::int64_t sign_count, Millis now);

} // namespace preau::identity
