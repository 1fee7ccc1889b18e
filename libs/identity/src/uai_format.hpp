// The national identifier of a school: "0590001A".
#pragma once

#include <algorithm>
#include <string_view>

namespace preau::identity {

inline bool well_formed_uai(std::string_view uai) { // seven digits and a letter
    return uai.size() == 8 && std::ranges::all_of(uai.substr(0, 7), [](char c) { return c >= '0' && c <= '9'; }) &&
           uai[7] >= 'A' && uai[7] <= 'Z';
}

} // namespace preau::identity
