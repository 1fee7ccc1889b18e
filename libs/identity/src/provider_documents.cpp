#include "provider_documents.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

constexpr std::size_t longest_address = 2000;

// Nothing that another program could take for the end of a header or of an attribute.
bool is_address(std::string_view text, bool plain_allowed) {
    if (text.size() > longest_address) return false;
    if (!text.starts_with("https://") && !(plain_allowed && is_local_provider(text))) return false;
    return std::ranges::all_of(
        text, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '#'; });
}

std::unexpected<Error> wrong() { return fail(Error::Kind::Unavailable, "provider.discovery"); }

bool lists(const json::Value& list, std::string_view word) {
    for (std::size_t at = 0; at < list.size(); ++at)
        if (list.at(at).text() == word) return true;
    return false;
}

} // namespace

bool is_local_provider(std::string_view address) {
    for (std::string_view machine : {"http://localhost", "http://127.0.0.1"}) {
        const auto rest = address.starts_with(machine) ? address.substr(machine.size()) : "?";
        if (rest.empty() || rest.front() == ':' || rest.front() == '/') return !rest.contains('@');
    }
    return false;
}

Result<ProviderPlaces> read_places(std::string_view text, std::string_view issuer) {
    auto said = json::parse(text);
    if (!said || (*said)["issuer"].text() != issuer) return wrong();
    const bool plain = is_local_provider(issuer);
    ProviderPlaces places{.authorization = (*said)["authorization_endpoint"].text().value_or(""),
                          .token = (*said)["token_endpoint"].text().value_or(""),
                          .keys = (*said)["jwks_uri"].text().value_or(""),
                          .end_session = (*said)["end_session_endpoint"].text().value_or("")};
    for (const auto& address : {places.authorization, places.token, places.keys})
        if (!is_address(address, plain)) return wrong();
    if (!is_address(places.end_session, plain)) places.end_session.clear();
    // Basic is what is meant when nothing is said (discovery §3).
    const auto methods = (*said)["token_endpoint_auth_methods_supported"];
    places.secret_in_body = methods.present() && !lists(methods, "client_secret_basic");
    places.names_itself = (*said)["authorization_response_iss_parameter_supported"].boolean().value_or(false);
    return places;
}

Result<std::string> read_id_token(std::string_view text) {
    auto said = json::parse(text);
    auto token = said ? (*said)["id_token"].text() : std::nullopt;
    if (!token) return fail(Error::Kind::Unavailable, "provider.exchange");
    return *token;
}

std::string discovery_address(std::string_view issuer) {
    while (issuer.ends_with('/')) issuer.remove_suffix(1);
    return std::string{issuer} + "/.well-known/openid-configuration";
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string text;
    for (const auto& [name, value] : fields)
        text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    return text;
}

std::string with_query(std::string_view address, const std::vector<std::pair<std::string, std::string>>& fields) {
    return std::string{address} + (address.contains('?') ? "&" : "?") + form_of(fields);
}

std::string standard_base64(std::string_view bytes) {
    auto text = base64url(bytes);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    constexpr std::size_t group = 4;
    while (text.size() % group) text += '=';
    return text;
}

std::string pkce_challenge(std::string_view verifier) { return base64url(sha256(verifier)); }

} // namespace preau::identity
