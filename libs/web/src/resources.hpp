// What the build made and the pages need: templates, catalogues, assets. In the binary in release builds, else on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace preau::web {

// The tree that the program was built from; empty where everything is embedded.
std::filesystem::path built_source_root();

std::optional<std::string> file_text(const std::filesystem::path& path);
// "files/folder/folder_page.html": below apps/, else below libs/.
std::optional<std::filesystem::path> template_path(const std::filesystem::path& root, std::string_view name);
std::optional<std::string> template_text(const std::filesystem::path& root, std::string_view name);
std::string catalogue_bytes(std::string_view code); // of fr.mo, en.mo
// When the assets were built; nothing where they are embedded and cannot change.
std::optional<std::filesystem::file_time_type> assets_built();
std::filesystem::path manifest_path(); // empty where embedded
std::optional<std::string> asset_bytes(std::string_view name); // "base-3f9c.css.br", "manifest.json"

} // namespace preau::web
