// What is counted of bytes while they come: SHA-256 names them, CRC-32 stands in front of them in a ZIP. A copy is a
// point to come back to, which base's Sha256 cannot do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace preau::blob {

class Digests {
public:
    Digests();
    Digests(const Digests& other);
    Digests& operator=(const Digests& other);
    Digests(Digests&&) noexcept = default;
    Digests& operator=(Digests&&) noexcept = default;
    ~Digests() = default;

    void update(std::span<const std::byte> bytes);
    std::int64_t size() const { return size_; } // bytes until here
    std::string sha256_hex() const;
    std::uint32_t crc32() const { return crc32_; }

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> sha256_;
    std::uint32_t crc32_ = 0;
    std::int64_t size_ = 0;
};

} // namespace preau::blob
