// How secrets that people copy look: app passwords are typed on phones, so no letter looks like another.
#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace preau::identity {

std::string new_app_password(Random& random); // 160 bits: "k2m7…-…-…-…"
// Lower case without dashes and blanks, as it is hashed; empty when it cannot be one.
std::string bare_app_password(std::string_view typed);

std::string new_recovery_code(Random& random); // 120 bits: "k2m7pq-…-…-…"
std::string bare_recovery_code(std::string_view typed); // as above

// A session token as it stands in a cookie: 43 characters of base64url. Anything else never reaches the database.
bool looks_like_token(std::string_view text);

} // namespace preau::identity
