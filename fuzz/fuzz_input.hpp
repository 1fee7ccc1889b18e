// The bytes of a fuzzer as text, and cut into pieces as a network cuts them.
#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace preau::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Takes one line off the front: the fuzzer's parameters stand before what is parsed.
inline std::string_view take_line(std::string_view& input) {
    auto end = std::min(input.find('\n'), input.size());
    auto line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    return line;
}

// Sizes of pieces, drawn from a seed: always the same for the same input, so that findings can be repeated.
class Pieces {
public:
    explicit Pieces(std::string_view seed) {
        for (char byte : seed) state_ = state_ * 31 + static_cast<unsigned char>(byte);
    }
    std::size_t next(std::size_t most) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return std::min<std::size_t>(most, 1 + (state_ >> 33U) % 17);
    }

private:
    std::uint64_t state_ = 1;
};

} // namespace preau::fuzz
