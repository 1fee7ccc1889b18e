#include "provider_configuration.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace preau::server {

std::expected<void, std::string> check_provider(const identity::ProviderOptions& provider) {
    constexpr std::size_t longest = 30;
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (provider.name.empty() || provider.name.size() > longest || !std::ranges::all_of(provider.name, letter))
        return std::unexpected("provider needs name, 1 to 30 of a-z 0-9 - (it stands in addresses)");
    if (provider.label.empty()) return std::unexpected("provider needs label, what its button says");
    if (provider.client_id.empty()) return std::unexpected("provider needs client_id, as registered there");
    // On this machine alone a provider may be asked in the clear.
    if (!provider.issuer.starts_with("https://") && !identity::is_local_provider(provider.issuer))
        return std::unexpected("provider needs issuer, its address of https exactly as it writes it itself");
    return {};
}

std::expected<std::string, std::string> read_secret(const std::string& path) {
    if (path.empty()) return std::string{};
    std::ifstream stream{path};
    std::string secret;
    if (!stream || !std::getline(stream, secret) || trimmed(secret).empty())
        return std::unexpected(fmt::format("client_secret_file {} cannot be read, or its first line is empty", path));
    return std::string{trimmed(secret)};
}

} // namespace preau::server
