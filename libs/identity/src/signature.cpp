#include "signature.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace preau::identity {
namespace {

template <auto Free> struct Freed {
    template <class T> void operator()(T* object) const { Free(object); }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

constexpr std::size_t coordinate = 32;
constexpr int least_bits = 2048, most_bits = 8192;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
Number number(std::string_view bytes) { return Number{BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr)}; }

Key made(const char* type, OSSL_PARAM_BLD* builder) {
    Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
    KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) <= 0)
        return {};
    return Key{key};
}

Key rsa_key(const ProviderKey& key) {
    auto modulus = number(key.first), exponent = number(key.second);
    Builder builder{OSSL_PARAM_BLD_new()};
    if (!modulus || !exponent || !builder || BN_num_bits(modulus.get()) < least_bits ||
        BN_num_bits(modulus.get()) > most_bits ||
        !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) ||
        !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()))
        return {};
    return made("RSA", builder.get());
}

// OpenSSL refuses a point that is not on the curve.
Key p256_key(const ProviderKey& key) {
    if (key.first.size() != coordinate || key.second.size() != coordinate) return {};
    const auto point = '\x04' + key.first + key.second;
    Builder builder{OSSL_PARAM_BLD_new()};
    if (!builder || !OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ||
        !OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()))
        return {};
    return made("EC", builder.get());
}

// A token holds R and S side by side; OpenSSL wants them in DER.
std::string der_of(std::string_view signature) {
    if (signature.size() != 2 * coordinate) return {};
    EcSignature made_of{ECDSA_SIG_new()};
    auto r = number(signature.substr(0, coordinate)), s = number(signature.substr(coordinate));
    if (!made_of || !r || !s || !ECDSA_SIG_set0(made_of.get(), r.get(), s.get())) return {};
    (void)r.release(); // of the signature now
    (void)s.release();
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(made_of.get(), &out);
    if (size <= 0) return {};
    std::string der{reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
    OPENSSL_free(out);
    return der;
}

} // namespace

bool verifies(const ProviderKey& key, std::string_view message, std::string_view signature) {
    const bool rsa = key.kind == ProviderKey::Kind::Rsa;
    auto public_key = rsa ? rsa_key(key) : p256_key(key);
    const auto given = rsa ? std::string{signature} : der_of(signature);
    Digest digest{EVP_MD_CTX_new()};
    if (!public_key || given.empty() || !digest) return false;
    // PKCS #1 v1.5 is what RSA keys do unless told otherwise, and what RS256 is.
    return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, public_key.get()) == 1 &&
           EVP_DigestVerify(digest.get(), raw(given), given.size(), raw(message), message.size()) == 1;
}

} // namespace preau::identity
