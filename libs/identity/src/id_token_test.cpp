// A provider that lies about who signs in, in every way that the specification knows.
#include "id_token_fixture.hpp"

namespace preau::identity {
namespace {

using Kind = ProviderKey::Kind;

constexpr Millis now = 1'788'764'400'000;
const IdTokenWish wish{.issuer = "https://id.ac-lille.fr", .client_id = "preau", .nonce = "n-0S6_WzA2Mj", .now = now};

std::string claims(std::string_view with = {}, std::string_view issuer = "https://id.ac-lille.fr",
                   std::string_view audience = "\"preau\"", std::string_view nonce = "n-0S6_WzA2Mj",
                   std::int64_t lives = 300, std::int64_t age = 5) {
    const auto seconds = now / 1000;
    return std::string{"{\"iss\":\""} + std::string{issuer} + "\",\"aud\":" + std::string{audience} +
           ",\"sub\":\"u-17\",\"nonce\":\"" + std::string{nonce} + "\",\"exp\":" + std::to_string(seconds + lives) +
           ",\"iat\":" + std::to_string(seconds - age) + std::string{with} + "}";
}

std::string refusal(const std::string& token, const std::vector<ProviderKey>& keys, const IdTokenWish& wanted = wish) {
    auto checked = check_id_token(token, keys, wanted);
    if (checked) return "taken";
    CHECK(checked.error().kind == Error::Kind::Unauthenticated);
    return checked.error().key;
}

} // namespace

TEST_CASE("a true token says who signs in, by RSA and by P-256") {
    for (auto kind : {Kind::Rsa, Kind::P256}) {
        SigningKey key{kind};
        auto token = check_id_token(
            key.token(claims(",\"name\":\"Zoé Œuvrard\",\"email\":\"zoe@ac-lille.fr\",\"email_verified\":true")),
            key.keys(), wish);
        REQUIRE(token);
        CHECK(token->issuer == "https://id.ac-lille.fr");
        CHECK(token->subject == "u-17");
        CHECK(token->name == "Zoé Œuvrard");
        CHECK(token->mail == "zoe@ac-lille.fr");
        auto bare =
            check_id_token(key.token(claims(",\"given_name\":\"Zoé\",\"family_name\":\"Roux\",\"email\":\"a@b.fr\"")),
                           key.keys(), wish);
        REQUIRE(bare);
        CHECK(bare->name == "Zoé Roux");
        CHECK(bare->mail.empty()); // nobody says that it was verified
    }
}

TEST_CASE("each claim that is not what was asked for is refused") {
    SigningKey key{Kind::P256};
    auto keys = key.keys();
    auto of = [&](const std::string& said) { return refusal(key.token(said), keys); };
    CHECK(of(claims()) == "taken");
    CHECK(of(claims("", "https://id.ac-lille.fr/")) == "provider.token_issuer");
    CHECK(of(claims("", "https://evil.example")) == "provider.token_issuer");
    CHECK(of(claims("", "https://id.ac-lille.fr", "\"another\"")) == "provider.token_audience");
    CHECK(of(claims("", "https://id.ac-lille.fr", "[]")) == "provider.token_audience");
    CHECK(of(claims("", "https://id.ac-lille.fr", "[\"another\",\"preau\"]")) == "provider.token_audience");
    CHECK(of(claims(",\"azp\":\"preau\"", "https://id.ac-lille.fr", "[\"another\",\"preau\"]")) == "taken");
    CHECK(of(claims(",\"azp\":\"another\"")) == "provider.token_audience");
    CHECK(of(claims("", "https://id.ac-lille.fr", "\"preau\"", "another")) == "provider.token_nonce");
    CHECK(of(claims("", "https://id.ac-lille.fr", "\"preau\"", "n-0S6_WzA2Mj", -61)) == "provider.token_expired");
    CHECK(of(claims("", "https://id.ac-lille.fr", "\"preau\"", "n-0S6_WzA2Mj", 300, -61)) == "provider.token_expired");
    CHECK(of(claims(",\"nbf\":99999999999")) == "provider.token_expired");
    CHECK(of("{}") == "provider.token_issuer");
    CHECK(of("[]") == "provider.token_issuer");
    auto unnamed = claims();
    unnamed.replace(unnamed.find("u-17"), 4, "");
    CHECK(of(unnamed) == "provider.token_malformed");
    auto no_nonce = wish;
    no_nonce.nonce.clear();
    CHECK(refusal(key.token(claims("", "https://id.ac-lille.fr", "\"preau\"", "")), keys, no_nonce) ==
          "provider.token_nonce");
}

TEST_CASE("a signature by nobody, by another key or by another method is none") {
    SigningKey rsa{Kind::Rsa}, other{Kind::Rsa}, curve{Kind::P256}, stranger{Kind::Rsa, "two"};
    auto keys = rsa.keys();
    CHECK(refusal(rsa.token("{\"alg\":\"none\"}", claims()), keys) == "provider.token_algorithm");
    CHECK(refusal(rsa.token("{\"alg\":\"None\"}", claims()), keys) == "provider.token_algorithm");
    CHECK(refusal(rsa.token("{}", claims()), keys) == "provider.token_algorithm");
    CHECK(refusal(rsa.token("{\"alg\":\"RS512\",\"kid\":\"one\"}", claims()), keys) == "provider.token_algorithm");
    CHECK(refusal(rsa.token("{\"alg\":\"RS256\",\"kid\":\"one\",\"crit\":[\"exp\"]}", claims()), keys) ==
          "provider.token_algorithm");
    // The public key taken as the secret of an HMAC (RFC 8725 §2.1).
    auto message = base64url("{\"alg\":\"HS256\",\"kid\":\"one\"}") + "." + base64url(claims());
    CHECK(refusal(message + "." + base64url(hmac_sha256(keys[0].first, message)), keys) == "provider.token_algorithm");
    CHECK(refusal(other.token(claims()), keys) == "provider.token_signature");   // same name, another key
    CHECK(refusal(stranger.token(claims()), keys) == "provider.token_key");
    CHECK(refusal(curve.token(claims()), keys) == "provider.token_key");         // the kind of the key decides
    auto changed = rsa.token(claims());
    const auto dot = changed.find('.');
    changed[dot + 10] = changed[dot + 10] == 'A' ? 'B' : 'A';
    CHECK(refusal(changed, keys) != "taken");
    auto cut = rsa.token(claims());
    CHECK(refusal(cut.substr(0, cut.rfind('.') + 1), keys) == "provider.token_signature");
    std::string zeros(64, '\0');
    auto signed_part = base64url(curve.header()) + "." + base64url(claims());
    CHECK(refusal(signed_part + "." + base64url(zeros), curve.keys()) == "provider.token_signature"); // R = S = 0
}

TEST_CASE("junk is no token") {
    SigningKey key{Kind::P256};
    auto keys = key.keys();
    for (std::string token : {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.W10.AA=="})
        CHECK(refusal(token, keys) != "taken");
    CHECK(refusal(key.token(claims(",\"x\":\"" + std::string(20'000, 'x') + "\"")), keys) ==
          "provider.token_malformed");
    CHECK(refusal(key.token(claims(",\"d\":" + std::string(60, '[') + std::string(60, ']'))), keys) ==
          "provider.token_malformed");
}

TEST_CASE("of a set of keys those are taken that signatures are checked with") {
    SigningKey good{Kind::Rsa}, curve{Kind::P256};
    auto count = [](const std::string& keys) -> std::size_t {
        auto read = read_provider_keys("{\"keys\":[" + keys + "]}");
        return read ? read->size() : 0;
    };
    CHECK(count(good.jwk() + "," + curve.jwk()) == 2);
    CHECK(count(good.jwk(",\"use\":\"sig\",\"alg\":\"RS256\"")) == 1);
    CHECK(count(good.jwk(",\"use\":\"enc\"")) == 0);
    CHECK(count(good.jwk(",\"alg\":\"PS256\"")) == 0);
    CHECK(count(SigningKey{Kind::Rsa, "short", 1024}.jwk()) == 0);
    CHECK(count("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}") == 0);
    CHECK(count("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}") == 0);
    CHECK(count("17") == 0);
    CHECK_FALSE(read_provider_keys("nonsense"));
}

TEST_CASE("a point that is not on the curve verifies nothing") {
    SigningKey curve{Kind::P256};
    auto keys = curve.keys();
    keys[0].second[31] = static_cast<char>(keys[0].second[31] ^ 1);
    CHECK(refusal(curve.token(claims()), keys) == "provider.token_signature");
}

} // namespace preau::identity
