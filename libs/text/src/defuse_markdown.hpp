// Takes the charges out of Markdown that cmark-gfm 0.29.0.gfm.6 of Debian 12 blows up on. What people write comes out
// as it went in.
#pragma once

#include <string>
#include <string_view>

namespace preau::text {

struct Defused {
    std::string markdown;
    bool tables = true; // false: a row of more than 100 cells, which every short row would be filled up to
};
Defused defuse_markdown(std::string_view markdown);

} // namespace preau::text
