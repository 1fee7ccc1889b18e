// Secrets that the server must be able to read again (tokens of links, keys of authenticator applications):
// XChaCha20-Poly1305, so that who reads the table without the server's key learns nothing and who moves a sealed secret
// to another row is noticed.
#pragma once

#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace preau {

// `context` is authenticated, not stored: the id of the row it belongs to.
std::string seal(Random& random, std::string_view key, std::string_view context, std::string_view secret);
std::optional<std::string> unseal(std::string_view key, std::string_view context, std::string_view sealed);

} // namespace preau
