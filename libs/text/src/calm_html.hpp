// Hostile HTML becomes calm HTML: allowed tags with allowed attribute names only, every tag ended in order, at most 100
// deep, paragraphs, items, cells and links never inside of their like. Says nothing of values yet.
//
// Why before gumbo and not behind it: gumbo compares every attribute of a tag with all before it, walks the open
// elements for every block, opens forgotten <b> again in every paragraph (so that a megabyte asks for gigabytes), and
// frees its tree by recursion. On what comes from here, all of that is bounded.
#pragma once

#include <string>
#include <string_view>

namespace preau::text {

constexpr std::size_t deepest_nesting = 100;

std::string calm_html(std::string_view html); // `html` must be valid UTF-8 without NUL

} // namespace preau::text
