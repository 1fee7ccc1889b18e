#include "identity/id_token.hpp"

#include "signature.hpp"

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "mail_format.hpp"

#include <algorithm>
#include <limits>

namespace preau::identity {
namespace {

constexpr std::size_t most_token_bytes = 16 * 1024;
constexpr std::size_t most_keys = 50;
constexpr std::size_t most_subject_bytes = 255; // OpenID Connect core §2
constexpr std::size_t most_name_points = 200;
constexpr Millis drift = 60'000; // between their clock and ours

std::unexpected<Error> refused(std::string key) { return fail(Error::Kind::Unauthenticated, std::move(key)); }

std::optional<ProviderKey> key_of(const json::Value& value) {
    if (auto use = value["use"].text(); use && *use != "sig") return std::nullopt;
    const auto type = value["kty"].text().value_or("");
    const bool rsa = type == "RSA";
    if (!rsa && (type != "EC" || value["crv"].text() != "P-256")) return std::nullopt;
    if (auto algorithm = value["alg"].text(); algorithm && *algorithm != (rsa ? "RS256" : "ES256")) return std::nullopt;
    auto first = base64url_decode(value[rsa ? "n" : "x"].text().value_or(""));
    auto second = base64url_decode(value[rsa ? "e" : "y"].text().value_or(""));
    constexpr std::size_t least_modulus = 256, most_modulus = 1024, most_exponent = 8, coordinate = 32;
    if (!first || !second) return std::nullopt;
    if (rsa && (first->size() < least_modulus || first->size() > most_modulus || second->empty() ||
                second->size() > most_exponent))
        return std::nullopt;
    if (!rsa && (first->size() != coordinate || second->size() != coordinate)) return std::nullopt;
    return ProviderKey{.kind = rsa ? ProviderKey::Kind::Rsa : ProviderKey::Kind::P256,
                       .id = value["kid"].text().value_or(""),
                       .first = std::move(*first),
                       .second = std::move(*second)};
}

struct Parts {
    std::string_view signed_part;
    json::Value header, claims;
    std::string signature;
};

Result<Parts> parts_of(std::string_view token) {
    auto malformed = refused("provider.token_malformed");
    if (token.size() > most_token_bytes) return malformed;
    const auto parts = split(token, '.');
    if (parts.size() != 3) return malformed;
    auto header = base64url_decode(parts[0]), claims = base64url_decode(parts[1]),
         signature = base64url_decode(parts[2]);
    if (!header || !claims || !signature) return malformed;
    auto header_json = json::parse(*header), claims_json = json::parse(*claims);
    if (!header_json || !claims_json) return malformed;
    return Parts{.signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size()),
                 .header = *header_json,
                 .claims = *claims_json,
                 .signature = std::move(*signature)};
}

// The token may say which key; it never says how a key is used: that is the key's own kind (RFC 8725 §3.1).
Result<void> check_signature(const Parts& parts, const std::vector<ProviderKey>& keys) {
    const auto algorithm = parts.header["alg"].text().value_or("");
    if (algorithm != "RS256" && algorithm != "ES256") return refused("provider.token_algorithm");
    if (parts.header["crit"].present()) return refused("provider.token_algorithm"); // RFC 7515 §4.1.11: we know none
    const auto kind = algorithm == "RS256" ? ProviderKey::Kind::Rsa : ProviderKey::Kind::P256;
    const auto id = parts.header["kid"].text();
    bool found = false;
    for (const auto& key : keys) {
        if (key.kind != kind || (id && key.id != *id)) continue;
        found = true;
        if (verifies(key, parts.signed_part, parts.signature)) return {};
    }
    return refused(found ? "provider.token_signature" : "provider.token_key");
}

// Of several audiences ours must be one, and the party that the token was made for.
bool is_for(const json::Value& claims, const std::string& client) {
    const auto audience = claims["aud"];
    const auto party = claims["azp"].text();
    if (party && *party != client) return false;
    if (auto one = audience.text()) return *one == client;
    bool among = false;
    for (std::size_t at = 0; at < audience.size(); ++at) among = among || audience.at(at).text() == client;
    return among && (audience.size() == 1 || party);
}

std::optional<Millis> moment(const json::Value& value) {
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max() / 2000;
    auto number = value.number(); // some write 1.7e9
    if (!number || !(*number >= 0) || *number > static_cast<double>(latest)) return std::nullopt;
    return static_cast<Millis>(*number) * 1000;
}

Result<void> check_claims(const json::Value& claims, const IdTokenWish& wish) {
    if (claims["iss"].text() != wish.issuer) return refused("provider.token_issuer");
    if (!is_for(claims, wish.client_id)) return refused("provider.token_audience");
    const auto expires = moment(claims["exp"]), issued = moment(claims["iat"]);
    if (!expires || !issued || *expires + drift <= wish.now || *issued > wish.now + drift)
        return refused("provider.token_expired");
    if (auto from = claims["nbf"]; from.present() && moment(from).value_or(wish.now + 2 * drift) > wish.now + drift)
        return refused("provider.token_expired");
    if (wish.nonce.empty() || !same_secret(claims["nonce"].text().value_or(""), wish.nonce))
        return refused("provider.token_nonce");
    return {};
}

std::string line_or_nothing(std::string_view text) {
    auto line = check_line(text, "name", 1, most_name_points);
    return line ? *line : std::string{};
}

std::string name_in(const json::Value& claims) {
    auto name = line_or_nothing(claims["name"].text().value_or(""));
    if (!name.empty()) return name;
    return line_or_nothing(claims["given_name"].text().value_or("") + " " + claims["family_name"].text().value_or(""));
}

} // namespace

Result<std::vector<ProviderKey>> read_provider_keys(std::string_view text) {
    auto set = json::parse(text);
    if (!set) return fail(Error::Kind::Unavailable, "provider.keys");
    const auto list = (*set)["keys"];
    std::vector<ProviderKey> keys;
    for (std::size_t at = 0; at < std::min(list.size(), most_keys); ++at)
        if (auto key = key_of(list.at(at))) keys.push_back(std::move(*key));
    if (keys.empty()) return fail(Error::Kind::Unavailable, "provider.keys");
    return keys;
}

Result<IdToken> check_id_token(std::string_view token, const std::vector<ProviderKey>& keys, const IdTokenWish& wish) {
    const auto parts = TRY(parts_of(token));
    TRY(check_signature(parts, keys));
    TRY(check_claims(parts.claims, wish));
    IdToken answer{.issuer = wish.issuer, .subject = parts.claims["sub"].text().value_or("")};
    if (answer.subject.empty() || answer.subject.size() > most_subject_bytes || !valid_utf8(answer.subject))
        return refused("provider.token_malformed");
    answer.name = name_in(parts.claims);
    const auto mail = parts.claims["email"].text().value_or("");
    if (parts.claims["email_verified"].boolean().value_or(false) && well_formed_mail(mail)) answer.mail = mail;
    return answer;
}

} // namespace preau::identity
