// For tests of pages: what a browser would silently repair, and what our Content-Security-Policy would silently drop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preau::web {

// Tags that are not closed or closed twice, repeated ids, `style=`, `on…=`, inline scripts and styles, buttons, links
// and inputs without a name to read aloud, more or less than one <h1>, a picture without `alt`. Empty if all is well.
std::vector<std::string> page_problems(std::string_view html);

} // namespace preau::web
