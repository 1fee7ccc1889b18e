#include "credentials.hpp"

#include "base/text.hpp"

namespace preau::sharing {

Result<std::optional<Credentials>> read_credentials(std::string_view authorization) {
    const auto blank = authorization.find(' ');
    const auto scheme = to_lower_ascii(authorization.substr(0, blank)); // compared without case, RFC 9110 §11.1
    if (scheme != "basic" && scheme != "bearer") return std::nullopt;
    const auto malformed = fail(Error::Kind::Unauthenticated, "sharing.credentials_malformed");
    if (blank == std::string_view::npos || authorization.size() > 1024) return malformed;
    const auto text = trimmed(authorization.substr(blank + 1));
    auto pair = base64_decode(text);
    if (!pair) pair = base64url_decode(text);
    if (!pair || !valid_utf8(*pair)) return malformed;
    const auto colon = pair->find(':'); // the first: a login holds none
    if (colon == std::string::npos || colon == 0) return malformed;
    return Credentials{.login = pair->substr(0, colon), .secret = pair->substr(colon + 1)};
}

} // namespace preau::sharing
