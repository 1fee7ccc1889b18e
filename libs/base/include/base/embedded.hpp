// Files that were put into the binary at build time (migrations, templates, catalogues, assets).
#pragma once

#include <span>
#include <string_view>

namespace preau {
struct EmbeddedFile {
    std::string_view name; // path below its root: "files/folder/folder_page.html"
    std::string_view data;
};
} // namespace preau
