// Headings of a text that stands inside a page.
#pragma once

#include <string>

namespace preau::text {

// The highest heading of the text becomes h2, the others follow, and none is more than one level below the one before:
// the page has its own h1, and a screen reader's list of headings has no gaps. For sanitised HTML only.
std::string under_page_heading(std::string html);

} // namespace preau::text
