// Folders by a path below a folder: "Volcans/Photos", as uploads and dropped folders bring it.
#pragma once

#include "files/files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace preau::files {

// Errors: name_too_long, those of check_name for each part. An empty path has no names.
Result<std::vector<std::string>> names_in_path(std::string_view path);

// The last folder of the path, all of them made where they are missing. Needs Edit on `folder`, which the caller has
// asked for. Errors: those of names_in_path and of sharing::create_item, files.path_is_file.
Result<ItemId> folder_at_path(db::Tx& tx, sharing::World& world, const Viewer& viewer, ItemId folder,
                              std::string_view path);

} // namespace preau::files
