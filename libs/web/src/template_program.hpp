// A compiled template: a flat list of steps over frames. A frame is the address of an object that names may belong to;
// frame 0 is the view. Which frame and member a name means was decided when the template was loaded.
#pragma once

#include "web/view_type.hpp"

#include <cstdint>

namespace preau::web {

constexpr std::size_t most_frames = 32;

struct Step {
    enum class Kind : std::uint8_t {
        Literal,   // text[a, a + b)
        Text,      // escaped
        Raw,       // Html, and numbers, which need no escaping
        Unless,    // jump to a when the member is true
        If,        // jump to a when the member is false
        Enter,     // frame `target` = the object inside the member
        Each,      // frame `target` = first element, or jump to a
        Next,      // frame `target` = next element and jump to a, or go on
    };
    Kind kind = Kind::Literal;
    std::uint8_t frame = 0;
    std::uint8_t target = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    const ViewMember* member = nullptr; // lives as long as the program: types are static
};

class Template {
public:
    std::vector<Step> steps;
    std::string text;         // all literals, one after the other
    std::size_t expected = 0; // bytes to reserve: the literals and something for the values
};

} // namespace preau::web
