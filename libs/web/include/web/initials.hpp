// What stands where somebody has no picture.
#pragma once

#include <string>
#include <string_view>

namespace preau::web {

// "Camille Bernard" → "CB", "Jean de La Fontaine" → "JF"; a single name gives one letter.
std::string initials_of(std::string_view name);

} // namespace preau::web
