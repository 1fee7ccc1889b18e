#include "identity/webauthn.hpp"

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "cbor_map.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <array>
#include <memory>

namespace preau::identity {
namespace {

constexpr std::size_t hash_bytes = 32;
// Authenticator data (§6.1): the hash, flags and the counter; then, of a registration, the attested credential: AAGUID,
// length of the credential's id, id, key. The key and the extensions behind it are CBOR, of an assertion the
// extensions.
constexpr std::size_t before_credential = hash_bytes + 1 + 4;
constexpr std::size_t before_id = before_credential + 16 + 2;
constexpr std::size_t most_client_data = 4096;
constexpr std::size_t most_credential = 1023; // §4, Credential ID
constexpr std::uint8_t user_present = 0x01, user_verified = 0x04, backup_state = 0x10; // §6.1, and Level 3 for the last

std::unexpected<Error> malformed() { return fail(Error::Kind::Malformed, "identity.passkey_malformed"); }
std::unexpected<Error> refused(std::string key) { return fail(Error::Kind::Forbidden, std::move(key)); }

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
std::string text_of(const unsigned char* bytes, std::size_t count) {
    return bytes ? std::string{reinterpret_cast<const char*>(bytes), count} : std::string{};
}

void start_library() {
    static const bool started = [] {
        fido_init(FIDO_DISABLE_U2F_FALLBACK);
        return true;
    }();
    (void)started;
}

struct FreeCredential {
    void operator()(fido_cred_t* credential) const { fido_cred_free(&credential); }
};
struct FreeAssertion {
    void operator()(fido_assert_t* assertion) const { fido_assert_free(&assertion); }
};

bool whole_registration(std::string_view authenticator) {
    if (authenticator.size() < before_id) return false;
    const auto byte = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(authenticator[at])}; };
    const auto id = byte(before_id - 2) << 8 | byte(before_id - 1);
    return authenticator.size() - before_id >= id && cbor_whole(authenticator.substr(before_id + id));
}

bool whole_assertion(std::string_view authenticator) {
    return authenticator.size() >= before_credential && cbor_whole(authenticator.substr(before_credential));
}

// libfido2 wants to know the algorithm before it reads the key: each that we offered is tried.
std::unique_ptr<fido_cred_t, FreeCredential> read_credential(std::string_view authenticator) {
    for (int algorithm : {COSE_ES256, COSE_EDDSA, COSE_RS256}) {
        std::unique_ptr<fido_cred_t, FreeCredential> credential{fido_cred_new()};
        if (credential && fido_cred_set_type(credential.get(), algorithm) == FIDO_OK &&
            fido_cred_set_authdata_raw(credential.get(), raw(authenticator), authenticator.size()) == FIDO_OK)
            return credential;
    }
    return nullptr;
}

Result<void> check_flags(std::uint8_t flags) {
    if ((flags & user_present) == 0 || (flags & user_verified) == 0) return refused("identity.passkey_unverified");
    return {};
}

int verify(const fido_assert_t* assertion, const KnownKey& key) {
    const auto* bytes = key.public_key.data();
    const auto size = key.public_key.size();
    if (key.algorithm == COSE_ES256) {
        std::unique_ptr<es256_pk_t, void (*)(es256_pk_t*)> known{es256_pk_new(),
                                                                 [](auto* one) { es256_pk_free(&one); }};
        if (!known || es256_pk_from_ptr(known.get(), bytes, size) != FIDO_OK) return FIDO_ERR_INVALID_ARGUMENT;
        return fido_assert_verify(assertion, 0, COSE_ES256, known.get());
    }
    if (key.algorithm == COSE_EDDSA) {
        std::unique_ptr<eddsa_pk_t, void (*)(eddsa_pk_t*)> known{eddsa_pk_new(),
                                                                 [](auto* one) { eddsa_pk_free(&one); }};
        if (!known || eddsa_pk_from_ptr(known.get(), bytes, size) != FIDO_OK) return FIDO_ERR_INVALID_ARGUMENT;
        return fido_assert_verify(assertion, 0, COSE_EDDSA, known.get());
    }
    if (key.algorithm == COSE_RS256) {
        std::unique_ptr<rs256_pk_t, void (*)(rs256_pk_t*)> known{rs256_pk_new(),
                                                                 [](auto* one) { rs256_pk_free(&one); }};
        if (!known || rs256_pk_from_ptr(known.get(), bytes, size) != FIDO_OK) return FIDO_ERR_INVALID_ARGUMENT;
        return fido_assert_verify(assertion, 0, COSE_RS256, known.get());
    }
    return FIDO_ERR_UNSUPPORTED_ALGORITHM;
}

} // namespace

RelyingParty relying_party(std::string_view public_url) {
    auto host = public_url;
    if (auto start = host.find("://"); start != host.npos) host.remove_prefix(start + 3);
    if (auto port = host.rfind(':'); port != host.npos && !host.ends_with(']')) host = host.substr(0, port);
    return {.id = std::string{host}, .origin = std::string{public_url}};
}

Result<ClientData> read_client_data(std::string_view text) {
    if (text.size() > most_client_data || !valid_utf8(text)) return malformed();
    auto json = json::parse(text);
    if (!json) return malformed();
    auto challenge = base64url_decode((*json)["challenge"].text().value_or(""));
    if (!challenge || challenge->empty()) return malformed();
    return ClientData{.type = (*json)["type"].text().value_or(""),
                      .challenge = std::move(*challenge),
                      .origin = (*json)["origin"].text().value_or(""),
                      .cross_origin = (*json)["crossOrigin"].boolean().value_or(false)};
}

Result<ClientData> check_client_data(std::string_view text, std::string_view type, const RelyingParty& party) {
    auto data = TRY(read_client_data(text));
    if (data.type != type) return refused("identity.passkey_refused");
    // A page elsewhere that passes on what it was given, or that holds ours in a frame.
    if (data.origin != party.origin || data.cross_origin) return refused("identity.passkey_origin");
    return data;
}

Result<NewCredential> check_registration(const Registration& sent, const RelyingParty& party) {
    start_library();
    TRY(check_client_data(sent.client_data, "webauthn.create", party));
    auto authenticator = cbor_bytes_of(sent.attestation, "authData");
    if (!authenticator || !whole_registration(*authenticator)) return malformed();
    auto credential = read_credential(*authenticator);
    if (!credential) return malformed();
    if (!same_secret(authenticator->substr(0, hash_bytes), sha256(party.id))) return refused("identity.passkey_origin");
    const auto flags = fido_cred_flags(credential.get());
    TRY(check_flags(flags));
    NewCredential made{.credential = text_of(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())),
                       .public_key =
                           text_of(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get())),
                       .algorithm = fido_cred_type(credential.get()),
                       .sign_count = fido_cred_sigcount(credential.get()),
                       .backed_up = (flags & backup_state) != 0};
    if (made.credential.empty() || made.credential.size() > most_credential || made.public_key.empty())
        return malformed();
    return made;
}

Result<std::int64_t> check_assertion(const Assertion& sent, const KnownKey& key, const RelyingParty& party) {
    start_library();
    TRY(check_client_data(sent.client_data, "webauthn.get", party));
    if (!whole_assertion(sent.authenticator)) return malformed();
    std::unique_ptr<fido_assert_t, FreeAssertion> assertion{fido_assert_new()};
    const auto hash = sha256(sent.client_data);
    if (!assertion || fido_assert_set_count(assertion.get(), 1) != FIDO_OK ||
        fido_assert_set_clientdata_hash(assertion.get(), raw(hash), hash.size()) != FIDO_OK ||
        fido_assert_set_rp(assertion.get(), party.id.c_str()) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion.get(), 0, raw(sent.authenticator), sent.authenticator.size()) !=
            FIDO_OK ||
        fido_assert_set_sig(assertion.get(), 0, raw(sent.signature), sent.signature.size()) != FIDO_OK)
        return malformed();
    // Said apart from a wrong signature, because the person can do something about it: set up the lock of the device.
    TRY(check_flags(fido_assert_flags(assertion.get(), 0)));
    fido_assert_set_up(assertion.get(), FIDO_OPT_TRUE);
    fido_assert_set_uv(assertion.get(), FIDO_OPT_TRUE);
    if (verify(assertion.get(), key) != FIDO_OK) return refused("identity.passkey_refused");
    return static_cast<std::int64_t>(fido_assert_sigcount(assertion.get(), 0));
}

} // namespace preau::identity
