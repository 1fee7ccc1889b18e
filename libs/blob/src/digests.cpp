#include "digests.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

#include <libdeflate.h>
#include <openssl/evp.h>

namespace preau::blob {

void Digests::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Digests::Digests() : sha256_{EVP_MD_CTX_new()} {
    PREAU_ASSERT(EVP_DigestInit_ex(sha256_.get(), EVP_sha256(), nullptr) == 1);
}

Digests::Digests(const Digests& other) : sha256_{EVP_MD_CTX_new()}, crc32_{other.crc32_}, size_{other.size_} {
    PREAU_ASSERT(EVP_MD_CTX_copy_ex(sha256_.get(), other.sha256_.get()) == 1);
}

Digests& Digests::operator=(const Digests& other) { return *this = Digests{other}; }

void Digests::update(std::span<const std::byte> bytes) {
    EVP_DigestUpdate(sha256_.get(), bytes.data(), bytes.size());
    crc32_ = libdeflate_crc32(crc32_, bytes.data(), bytes.size());
    size_ += static_cast<std::int64_t>(bytes.size());
}

std::string Digests::sha256_hex() const {
    Digests ending{*this};
    std::string digest(32, '\0');
    EVP_DigestFinal_ex(ending.sha256_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return hex(digest);
}

} // namespace preau::blob
