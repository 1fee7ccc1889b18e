// Where to go after a form: only to a page of this server. A `to` that somebody else made up must never lead a person
// who has just signed in to a copy of our sign-in page elsewhere (open redirect, OWASP ASVS 5.0 §3.7.2).
#pragma once

#include <string>
#include <string_view>

namespace preau::portal {

bool is_local_path(std::string_view path);
// The path itself when it is local and does not lead back to signing in or out, else "/".
std::string local_path_or_home(std::string_view path);

} // namespace preau::portal
