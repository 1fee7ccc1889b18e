// The clean HTML of calm HTML that is nested as every parser nests it: paragraphs hold words, lists hold items, tables
// hold sections of rows of cells. That is nearly all of what Markdown makes, and takes no parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace preau::text {

// From calm_html(). Nothing: only a parser can say what it means, or it would be longer than `most` bytes. Else the
// answer is what clean_html() would write, and cleaning it again changes nothing.
std::optional<std::string> strict_html(std::string_view calm, std::size_t most);

} // namespace preau::text
