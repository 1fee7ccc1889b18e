#include "files/folder/folder_path.hpp"

#include "base/text.hpp"
#include "files/upload/file_store.hpp"

namespace preau::files {
namespace {

constexpr std::size_t most_path_bytes = 4096;

} // namespace

Result<std::vector<std::string>> names_in_path(std::string_view path) {
    std::vector<std::string> names;
    if (path.empty()) return names;
    if (path.size() > most_path_bytes) return invalid("path", "name_too_long");
    for (auto part : split(path, '/')) names.push_back(TRY(check_name(part, "path")));
    return names;
}

// Two files of one new folder may finish at once, also in two processes: whoever comes second waits at the unique
// index, is told that the name is taken, and then finds the folder.
Result<ItemId> folder_at_path(db::Tx& tx, sharing::World& world, const Viewer& viewer, ItemId folder,
                              std::string_view path) {
    for (const auto& name : TRY(names_in_path(path))) {
        auto there = store::find_child(tx, folder, name);
        if (!there) {
            auto made = sharing::create_item(tx, world, viewer, {.parent = folder, .kind = "folder", .title = name});
            if (made) {
                folder = made->id;
                continue;
            }
            there = store::find_child(tx, folder, name);
            if (!there) return std::unexpected(made.error());
        }
        if (there->kind != "folder")
            return std::unexpected(Error{.kind = Error::Kind::Conflict,
                                         .key = "files.path_is_file",
                                         .field = "path",
                                         .values = {{"name", name}}});
        folder = there->id;
    }
    return folder;
}

} // namespace preau::files
