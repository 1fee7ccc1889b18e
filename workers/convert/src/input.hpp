#pragma once

#include "sandbox/worker.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace preau::convert {

inline constexpr std::size_t largest_picture = 256 << 20;
inline constexpr std::size_t largest_office_file = 64 << 20;
inline constexpr std::size_t most_text = 1 << 20;

// All of the input, at most `most` bytes: a text is cut there, anything else is a Refusal (too_large).
std::string read_input(const sandbox::worker::Job& job, std::size_t most);
// The same without a copy, for as long as the process lives.
std::string_view map_input(const sandbox::worker::Job& job, std::size_t most);
int write_output(std::string_view bytes); // 0, or throws a Refusal

} // namespace preau::convert
