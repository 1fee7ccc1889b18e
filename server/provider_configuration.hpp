// The parts of the configuration file about other servers: who signs people in, and whom this one may ask.
#pragma once

#include "http/client.hpp"
#include "identity/providers.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace preau::server {

// Errors are sentences about the key, without file and line.
std::expected<void, std::string> check_provider(const identity::ProviderOptions& provider);
// The secret's own file: its first line. Empty path: a client without secret (PKCE alone).
std::expected<std::string, std::string> read_secret(const std::string& path);

} // namespace preau::server
