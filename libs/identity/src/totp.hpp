// RFC 6238 through liboath: 30 seconds, six digits, HMAC-SHA-1, which is what every application understands.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::identity {

inline constexpr std::size_t totp_secret_bytes = 20; // RFC 4226 §4, R6
inline constexpr int totp_seconds = 30;

// The step whose code this is, of the current one and its two neighbours; nothing: of none.
std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view digits, Millis now);
// Digits of what was typed, blanks taken out; empty when it cannot be a code.
std::string bare_totp(std::string_view typed);
std::string base32(std::string_view bytes); // RFC 4648 §6 without padding

} // namespace preau::identity
