// Names inside a folder: their order, and finding a free one.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

inline constexpr int deepest = 64; // levels below the root of a space

std::unexpected<Error> name_taken(std::string_view title); // sharing.name_taken, at the field `name`
std::string ending_of(std::string_view kind, std::string_view title); // "odp"; empty for what holds others
std::string sort_of(std::string_view kind, std::string_view title); // folders first, then French order
// The title itself if it is free in the folder, else "x (2).odp" and so on; O(log n) look-ups among n of the same name.
std::string free_name(db::Tx& tx, ItemId folder, std::string_view title);

} // namespace preau::sharing
