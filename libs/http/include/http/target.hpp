// The request target (RFC 9112 §3.2) split into a decoded path and query fields. Whatever could mean one thing to us
// and another to a proxy or a file system is refused here, once, so that routes compare plain text.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preau::http {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Target {
    std::string path; // starts with '/', decoded once, valid UTF-8, no "." or ".." segment, no empty inner segment
    Fields query;     // decoded, in the order sent
};

// Origin form only; the server has taken `http://our.host` off an absolute form before.
// Errors: http.bad_target (Malformed) for "..", "//", '\', NUL and other controls, %2F, %5C, overlong or broken UTF-8.
Result<Target> split_target(std::string_view target);

// `a=1&b=2` with '+' as blank (WHATWG URL §5.1). Errors: http.bad_form for broken escapes, invalid UTF-8, > 1,000
// fields.
Result<Fields> parse_urlencoded(std::string_view text);

} // namespace preau::http
