// How a plain text of several lines is shown: a page writes each in a <p>.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::web {

// The lines that say something, without the spaces around them.
std::vector<std::string> paragraphs(std::string_view text);

} // namespace preau::web
