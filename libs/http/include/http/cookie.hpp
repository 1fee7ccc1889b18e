// The Cookie header (RFC 6265 §4.2), read without copying.
#pragma once

#include <optional>
#include <string_view>

namespace preau::http {

// The first cookie of this name in one Cookie header; quotes around the value are taken off.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

} // namespace preau::http
