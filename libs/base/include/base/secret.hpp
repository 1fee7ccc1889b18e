// Random bits, digests and comparisons that take the same time whatever the input.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace preau {

// Random comes in from outside like the clock; the seeded one is for tests only.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0; // thread-safe
    std::string token(std::size_t bytes);              // base64url of that many random bytes; 32 → 43 characters
};
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override; // getrandom(2)
};

std::string sha256(std::string_view bytes);                              // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view message); // 32 raw bytes
bool same_secret(std::string_view left, std::string_view right);         // constant time for equal lengths

// SHA-256 of a stream, for uploads.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(std::span<const std::byte> bytes);
    std::string finish(); // 32 raw bytes; once

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace preau
