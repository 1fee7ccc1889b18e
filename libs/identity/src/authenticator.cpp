#include "webauthn_testing/authenticator.hpp"

#include "base/assert.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace preau::testing {
namespace {

// Heads of CBOR (RFC 8949 §3.1).
std::string head(unsigned major, std::size_t value) {
    std::string bytes;
    if (value < 24) {
        bytes += static_cast<char>(major << 5 | value);
    } else if (value < 256) {
        bytes += static_cast<char>(major << 5 | 24);
        bytes += static_cast<char>(value);
    } else {
        bytes += static_cast<char>(major << 5 | 25);
        bytes += static_cast<char>(value >> 8);
        bytes += static_cast<char>(value & 0xff);
    }
    return bytes;
}
std::string text(std::string_view words) { return head(3, words.size()) + std::string{words}; }
std::string bytes(std::string_view raw) { return head(2, raw.size()) + std::string{raw}; }

std::string big_endian(std::uint64_t value, int count) {
    std::string out;
    for (int i = count - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
}

} // namespace

struct Authenticator::Key {
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    ~Key() { EVP_PKEY_free(pair); }

    std::string cose() const { // RFC 9052 §7: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        std::string point(65, '\0');
        std::size_t size = 0;
        auto good = EVP_PKEY_get_octet_string_param(
            pair, OSSL_PKEY_PARAM_PUB_KEY, reinterpret_cast<unsigned char*>(point.data()), point.size(), &size);
        PREAU_ASSERT(good == 1 && size == point.size());
        return head(5, 5) + head(0, 1) + head(0, 2) + head(0, 3) + head(1, 6) + head(1, 0) + head(0, 1) + head(1, 1) +
               bytes(std::string_view{point}.substr(1, 32)) + head(1, 2) + bytes(std::string_view{point}.substr(33));
    }
    std::string sign(std::string_view message) const {
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
        std::string signature(128, '\0');
        std::size_t size = signature.size();
        auto good = EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, pair) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                   reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
        PREAU_ASSERT(good);
        signature.resize(size);
        return signature;
    }
};

Authenticator::Authenticator(std::string the_origin) : origin{std::move(the_origin)}, key_{std::make_unique<Key>()} {
    SystemRandom random;
    credential.resize(32);
    random.fill(std::as_writable_bytes(std::span{credential}));
}
Authenticator::~Authenticator() = default;

std::string Authenticator::client_data(std::string_view type, std::string_view challenge) const {
    std::string json = R"({"type":)";
    json::write_string(json, type);
    json += R"(,"challenge":)";
    json::write_string(json, base64url(challenge));
    json += R"(,"origin":)";
    json::write_string(json, origin);
    json += cross_origin ? R"(,"crossOrigin":true})" : R"(,"crossOrigin":false})";
    return json;
}

std::string Authenticator::authenticator_data(std::uint8_t more_flags) const {
    const auto flags = static_cast<std::uint8_t>((present ? 0x01 : 0) | (verified ? 0x04 : 0) | more_flags);
    return sha256(rp) + big_endian(flags, 1) + big_endian(sign_count, 4);
}

Authenticator::Made Authenticator::create(std::string_view challenge) const {
    constexpr std::uint8_t attested = 0x40;
    auto data = authenticator_data(attested) + std::string(16, '\0') + big_endian(credential.size(), 2) + credential +
                key_->cose();
    return {.client_data = client_data(type_create, challenge),
            .attestation = head(5, 3) + text("fmt") + text("none") + text("attStmt") + head(5, 0) + text("authData") +
                           bytes(data)};
}

Authenticator::Given Authenticator::get(std::string_view challenge) {
    if (counts) ++sign_count;
    Given given{.credential = credential,
                .client_data = client_data(type_get, challenge),
                .authenticator = authenticator_data(0),
                .user_handle = user_handle};
    given.signature = key_->sign(given.authenticator + sha256(given.client_data));
    return given;
}

std::string Authenticator::registration_json(std::string_view challenge, std::string_view label) const {
    auto made = create(base64url_decode(challenge).value_or(""));
    std::string json = R"({"clientDataJSON":)";
    json::write_string(json, base64url(made.client_data));
    json += R"(,"attestationObject":)";
    json::write_string(json, base64url(made.attestation));
    json += R"(,"label":)";
    json::write_string(json, label);
    return json + "}";
}

std::string Authenticator::assertion_json(std::string_view challenge) {
    auto given = get(base64url_decode(challenge).value_or(""));
    std::string json = R"({"id":)";
    json::write_string(json, base64url(given.credential));
    json += R"(,"clientDataJSON":)";
    json::write_string(json, base64url(given.client_data));
    json += R"(,"authenticatorData":)";
    json::write_string(json, base64url(given.authenticator));
    json += R"(,"signature":)";
    json::write_string(json, base64url(given.signature));
    if (!user_handle.empty()) {
        json += R"(,"userHandle":)";
        json::write_string(json, base64url(given.user_handle));
    }
    return json + "}";
}

} // namespace preau::testing
