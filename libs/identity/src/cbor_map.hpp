// One byte string out of a CBOR map with text keys (RFC 8949): the attestation object of WebAuthn. What the bytes hold
// is read by libfido2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace preau::identity {

// Nothing: not such a map, bytes follow it, or the key is missing, there twice, or no byte string of definite length.
std::optional<std::string> cbor_bytes_of(std::string_view bytes, std::string_view key);

} // namespace preau::identity
