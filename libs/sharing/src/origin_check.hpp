// Forged requests: another site makes a browser send our cookies along. Every modern browser says where a request comes
// from, in headers that a page cannot set.
#pragma once

#include "http/message.hpp"

#include <optional>

namespace preau::sharing {

// The problem with a request that changes something, or nothing: it came from our own pages, or no browser sent it.
// Errors: sharing.other_site, sharing.origin_unknown (Forbidden).
std::optional<Error> origin_problem(const http::Request& request, std::string_view public_url, bool carries_cookie);

} // namespace preau::sharing
