// For tests: a provider's keys, and tokens that it signs, true or not.
#pragma once

#include "identity/id_token.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <doctest/doctest.h>

#include <memory>

namespace preau::identity {

class SigningKey {
public:
    explicit SigningKey(ProviderKey::Kind kind, std::string id = "one", unsigned bits = 2048)
        : kind_{kind}, id_{std::move(id)},
          key_{kind == ProviderKey::Kind::Rsa
                   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))
                   : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
               &EVP_PKEY_free} {
        REQUIRE(key_);
    }
    std::string jwk(std::string_view more = {}) const {
        const bool rsa = kind_ == ProviderKey::Kind::Rsa;
        return std::string{"{\"kid\":\""} + id_ + "\",\"kty\":\"" + (rsa ? "RSA" : "EC\",\"crv\":\"P-256") + "\",\"" +
               (rsa ? "n" : "x") + "\":\"" + part(rsa ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X) + "\",\"" +
               (rsa ? "e" : "y") + "\":\"" + part(rsa ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y) + "\"" +
               std::string{more} + "}";
    }
    std::vector<ProviderKey> keys() const {
        auto keys = read_provider_keys("{\"keys\":[" + jwk() + "]}");
        REQUIRE(keys);
        return *keys;
    }
    std::string header() const {
        return std::string{"{\"alg\":\""} + (kind_ == ProviderKey::Kind::Rsa ? "RS256" : "ES256") + "\",\"kid\":\"" +
               id_ + "\"}";
    }
    std::string token(std::string_view claims) const { return token(header(), claims); }
    std::string token(std::string_view header, std::string_view claims) const {
        auto message = base64url(header) + "." + base64url(claims);
        return message + "." + base64url(signature(message));
    }

private:
    std::string part(const char* name) const {
        BIGNUM* number = nullptr;
        REQUIRE(EVP_PKEY_get_bn_param(key_.get(), name, &number) == 1);
        std::string bytes(static_cast<std::size_t>(kind_ == ProviderKey::Kind::Rsa ? BN_num_bytes(number) : 32), '\0');
        BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
        BN_free(number);
        return base64url(bytes);
    }
    std::string signature(std::string_view message) const {
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
        REQUIRE(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
        const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
        std::size_t size = 0;
        REQUIRE(EVP_DigestSign(digest.get(), nullptr, &size, bytes, message.size()) == 1);
        std::string made(size, '\0');
        REQUIRE(EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes,
                               message.size()) == 1);
        made.resize(size);
        return kind_ == ProviderKey::Kind::Rsa ? made : raw(made);
    }
    static std::string raw(const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> read{
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free};
        std::string both(64, '\0');
        auto* out = reinterpret_cast<unsigned char*>(both.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(read.get()), out, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(read.get()), out + 32, 32);
        return both;
    }

    ProviderKey::Kind kind_;
    std::string id_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

} // namespace preau::identity
