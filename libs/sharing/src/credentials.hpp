// The Authorization header: HTTP Basic (RFC 7617) with an app password, or the same pair as a bearer token.
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace preau::sharing {

struct Credentials {
    std::string login;
    std::string secret;
};
// Nothing: no such header, or a scheme that is not ours. Errors: sharing.credentials_malformed (Unauthenticated).
Result<std::optional<Credentials>> read_credentials(std::string_view authorization);

} // namespace preau::sharing
