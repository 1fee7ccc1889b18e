// How a conversion ends, for libs/preview; the words are for the log.
#pragma once

#include <string>

namespace preau::convert {

inline constexpr int unreadable = 2; // broken, hostile, or not of the kind that was said
inline constexpr int too_large = 3;  // above a limit, found before it was decoded
inline constexpr int wrong_use = 4;

struct Refusal {
    int status = unreadable;
    std::string words;
};
int refuse(const Refusal& refusal); // says the words, answers the status

} // namespace preau::convert
