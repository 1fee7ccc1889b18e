// ID tokens of OpenID Connect (core 1.0 §3.1.3.7): bytes that come by way of somebody else's server and say who signs
// in. A pure function of the bytes, the keys and what was asked for; only RS256 and ES256 exist here.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace preau::identity {

struct ProviderKey { // of a JWK set (RFC 7517)
    enum class Kind { Rsa, P256 } kind = Kind::Rsa;
    std::string id;             // `kid`, may be empty
    std::string first, second;  // modulus and exponent, or x and y; raw
};
// Keys that signatures are checked with: RSA of 2,048 to 8,192 bits and P-256; others are left out. At most 50.
// Errors: provider.keys.
Result<std::vector<ProviderKey>> read_provider_keys(std::string_view json);

struct IdTokenWish {
    std::string issuer, client_id, nonce;
    Millis now = 0;
};
struct IdToken {
    std::string issuer;
    std::string subject; // 1 to 255 bytes
    std::string name;    // `name`, else given and family name; empty: the provider does not say
    std::string mail;    // only when the provider says that it is verified
};
// Errors, all of kind Unauthenticated: provider.token_malformed, provider.token_algorithm, provider.token_key (no such
// key: ask for the keys again), provider.token_signature, provider.token_issuer, provider.token_audience,
// provider.token_expired, provider.token_nonce.
Result<IdToken> check_id_token(std::string_view token, const std::vector<ProviderKey>& keys, const IdTokenWish& wish);

} // namespace preau::identity
