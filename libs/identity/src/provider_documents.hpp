// What a provider says of itself, and what it answers: JSON from outside, read strictly.
#pragma once

#include "identity/providers.hpp"

namespace preau::identity {

struct ProviderPlaces {
    std::string authorization, token, keys;
    std::string end_session; // empty: none
    bool secret_in_body = false; // it takes the client's secret in the form only
    bool names_itself = false;   // answers carry `iss` (RFC 9207)
};
// `issuer` must be ours letter for letter, and every address of https, unless issuer and address are on this machine.
// Errors: provider.discovery.
Result<ProviderPlaces> read_places(std::string_view json, std::string_view issuer);
Result<std::string> read_id_token(std::string_view json); // of the token endpoint's answer; provider.exchange

std::string discovery_address(std::string_view issuer);
std::string with_query(std::string_view address, const std::vector<std::pair<std::string, std::string>>& fields);
std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields);
std::string standard_base64(std::string_view bytes); // RFC 4648 §4, for HTTP Basic
std::string pkce_challenge(std::string_view verifier); // S256

} // namespace preau::identity
