#pragma once

#include <string_view>

namespace preau::server {
inline constexpr std::string_view version = PREAU_VERSION; // from project() in CMakeLists.txt
}
