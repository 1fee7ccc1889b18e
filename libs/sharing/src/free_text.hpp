// What somebody writes in a box of several lines.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace preau::sharing {

// NFC, lines end with '\n', blanks around it go; limits in code points. Errors: text_not_utf8, text_too_short,
// text_too_long (both with {limit}), text_forbidden_character for control characters.
Result<std::string> check_text(std::string_view raw, std::string_view field, std::size_t least, std::size_t most);

} // namespace preau::sharing
