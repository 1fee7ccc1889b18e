// WebAuthn Level 2, the relying party's half: what a browser sent, read and judged. Pure: no database, no clock.
// All of it comes from outside, so there is a fuzzer for each of the two (fuzz/webauthn_fuzz.cpp). Signatures and the
// authenticator's own bytes go through libfido2.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace preau::identity {

struct RelyingParty {
    std::string id;     // "preau.example.org": host of the public address
    std::string origin; // "https://preau.example.org"
};
RelyingParty relying_party(std::string_view public_url);

struct ClientData { // §5.8.1
    std::string type;      // "webauthn.create", "webauthn.get"
    std::string challenge; // raw bytes
    std::string origin;
    bool cross_origin = false;
};
// Errors of all below: identity.passkey_malformed (Malformed), identity.passkey_origin, identity.passkey_unverified,
// identity.passkey_refused (Forbidden).
Result<ClientData> read_client_data(std::string_view json);
Result<ClientData> check_client_data(std::string_view json, std::string_view type, const RelyingParty& party);

struct Registration { // AuthenticatorAttestationResponse, raw bytes
    std::string client_data, attestation;
};
struct NewCredential {
    std::string credential, public_key;
    std::int64_t algorithm = 0; // COSE
    std::int64_t sign_count = 0;
    bool backed_up = false;
};
// §7.1 without the challenge, which is the caller's. Attestation is not asked for and not judged.
Result<NewCredential> check_registration(const Registration& sent, const RelyingParty& party);

struct Assertion { // AuthenticatorAssertionResponse, raw bytes
    std::string credential, client_data, authenticator, signature, user_handle;
};
struct KnownKey {
    std::int64_t algorithm = 0;
    std::string public_key;
};
// §7.2 without challenge and counter; answers the counter.
Result<std::int64_t> check_assertion(const Assertion& sent, const KnownKey& key, const RelyingParty& party);

} // namespace preau::identity
