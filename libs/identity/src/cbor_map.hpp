// One byte string out of a CBOR map with text keys (RFC 8949): the attestation object of WebAuthn. What the bytes hold
// is read by libfido2, once nothing in it promises more than there is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace preau::identity {

// Nothing: not such a map, bytes follow it, or the key is missing, there twice, or no byte string of definite length.
std::optional<std::string> cbor_bytes_of(std::string_view bytes, std::string_view key);

// Whether the bytes are items one after the other, or none, and hold all that their headers promise. Asked before
// libcbor reads them: 0.8 reserves eight bytes for each item that an array's header announces, there or not.
bool cbor_whole(std::string_view bytes);

} // namespace preau::identity
