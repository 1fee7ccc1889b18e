// What browser and server say to each other about passkeys, in the JSON of WebAuthn Level 3 (§5.8.4), and how a
// challenge is bound to the browser it was made for.
#pragma once

#include "base/describe.hpp"
#include "identity/passkeys.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct WhereNext {
    std::string to;
};
PREAU_DESCRIBE(WhereNext, to)

struct CredentialName {
    std::string type = "public-key";
    std::string id; // base64url
};
PREAU_DESCRIBE(CredentialName, type, id)

struct RequestOptions { // PublicKeyCredentialRequestOptionsJSON
    std::string challenge;
    std::string rpId;
    std::string userVerification = "required";
    std::int64_t timeout = identity::challenge_lifetime;
    std::vector<CredentialName> allowCredentials; // empty: whichever the device knows
};
PREAU_DESCRIBE(RequestOptions, challenge, rpId, userVerification, timeout, allowCredentials)

struct PartyName {
    std::string id, name;
};
PREAU_DESCRIBE(PartyName, id, name)
struct UserName {
    std::string id, name, displayName;
};
PREAU_DESCRIBE(UserName, id, name, displayName)
struct KeyKind {
    std::string type = "public-key";
    std::int64_t alg = 0;
};
PREAU_DESCRIBE(KeyKind, type, alg)
struct Selection {
    std::string residentKey = "preferred";
    bool requireResidentKey = false;
    std::string userVerification = "required";
};
PREAU_DESCRIBE(Selection, residentKey, requireResidentKey, userVerification)
struct CreationOptions { // PublicKeyCredentialCreationOptionsJSON
    std::string challenge;
    PartyName rp;
    UserName user;
    std::vector<KeyKind> pubKeyCredParams = {{.alg = -7}, {.alg = -8}, {.alg = -257}};
    Selection authenticatorSelection;
    std::string attestation = "none";
    std::int64_t timeout = identity::challenge_lifetime;
    std::vector<CredentialName> excludeCredentials;
};
PREAU_DESCRIBE(CreationOptions, challenge, rp, user, pubKeyCredParams, authenticatorSelection, attestation, timeout,
               excludeCredentials)

std::vector<CredentialName> names_of(const std::vector<std::string>& credentials);

// Errors: identity.passkey_malformed.
Result<identity::Assertion> read_assertion(std::string_view body);
struct SentRegistration {
    identity::Registration registration;
    std::string label;
};
Result<SentRegistration> read_registration(std::string_view body);

// The answer to a challenge of this server: its signature, counter and owner are right. Nothing is spent yet.
struct Answer {
    identity::Held key;
    std::int64_t sign_count = 0;
    std::string challenge; // raw
};
Task<Result<Answer>> check_answer(Portal& portal, identity::Assertion sent, std::string bound_to);
// In the transaction that the answer causes: the challenge, once, and the counter.
Result<void> spend_answer(db::Tx& tx, const Answer& answer, Millis now);

// Before anybody is signed in a cookie stands for the browser: it dies with the browser's session.
std::string browser_mark(const http::Request& request); // empty: has none yet
std::string bound_to_browser(std::string_view mark);
std::string bound_to_session(SessionId session, std::string_view purpose);
inline constexpr std::string_view browser_cookie = "preau_browser";

} // namespace preau::portal
