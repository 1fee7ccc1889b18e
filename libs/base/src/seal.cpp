#include "base/seal.hpp"

#include "base/assert.hpp"

#include <sodium.h>

namespace preau {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

} // namespace

std::string seal(Random& random, std::string_view key, std::string_view context, std::string_view secret) {
    PREAU_ASSERT(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    // 192 random bits never repeat by chance, so no counter has to survive a restart.
    std::string sealed(nonce_size + secret.size() + tag_size, '\0');
    random.fill(std::as_writable_bytes(std::span{sealed.data(), nonce_size}));
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed) + nonce_size, nullptr, raw(secret), secret.size(),
                                               raw(context), context.size(), nullptr, raw(sealed), raw(key));
    return sealed;
}

std::optional<std::string> unseal(std::string_view key, std::string_view context, std::string_view sealed) {
    if (key.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES || sealed.size() < nonce_size + tag_size)
        return std::nullopt;
    std::string secret(sealed.size() - nonce_size - tag_size, '\0');
    const auto body = sealed.substr(nonce_size);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(secret), nullptr, nullptr, raw(body), body.size(), raw(context),
                                                   context.size(), raw(sealed), raw(key)) != 0)
        return std::nullopt;
    return secret;
}

} // namespace preau
