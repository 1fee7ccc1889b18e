// Signatures of JSON web tokens (RFC 7518 §3.3, §3.4) by OpenSSL.
#pragma once

#include "identity/id_token.hpp"

namespace preau::identity {

// RS256 for an RSA key, ES256 for one on P-256. False for whatever is wrong, the key included.
bool verifies(const ProviderKey& key, std::string_view message, std::string_view signature);

} // namespace preau::identity
