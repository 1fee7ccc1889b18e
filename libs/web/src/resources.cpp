#include "resources.hpp"

#include "base/embedded.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#ifdef PREAU_EMBED
namespace preau::embedded {
std::span<const EmbeddedFile> web_app_pages();
std::span<const EmbeddedFile> web_library_pages();
std::span<const EmbeddedFile> web_catalogues();
std::span<const EmbeddedFile> web_assets();
} // namespace preau::embedded
#endif

namespace preau::web {

std::optional<std::string> file_text(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

std::optional<std::filesystem::path> template_path(const std::filesystem::path& root, std::string_view name) {
    for (const char* folder : {"apps", "libs"}) {
        auto path = root / folder / name;
        if (std::filesystem::is_regular_file(path)) return path;
    }
    return std::nullopt;
}

#ifdef PREAU_EMBED

namespace {
std::optional<std::string> find(std::span<const EmbeddedFile> files, std::string_view name) {
    for (const auto& file : files)
        if (file.name == name) return std::string{file.data};
    return std::nullopt;
}
} // namespace

std::filesystem::path built_source_root() { return {}; }

std::optional<std::string> template_text(const std::filesystem::path& root, std::string_view name) {
    if (!root.empty())
        if (auto path = template_path(root, name)) return file_text(*path);
    if (auto text = find(embedded::web_app_pages(), name)) return text;
    return find(embedded::web_library_pages(), name);
}

std::string catalogue_bytes(std::string_view code) {
    return find(embedded::web_catalogues(), fmt::format("{}.mo", code)).value();
}

std::filesystem::path manifest_path() { return {}; }

std::optional<std::string> asset_bytes(std::string_view name) { return find(embedded::web_assets(), name); }

#else

std::filesystem::path built_source_root() { return PREAU_SOURCE_ROOT; }

std::optional<std::string> template_text(const std::filesystem::path& root, std::string_view name) {
    auto path = template_path(root.empty() ? built_source_root() : root, name);
    return path ? file_text(*path) : std::nullopt;
}

std::string catalogue_bytes(std::string_view code) {
    const std::filesystem::path path = fmt::format("{}/locale/{}.mo", PREAU_BUILT_WEB, code);
    auto bytes = file_text(path);
    if (!bytes) throw std::runtime_error(fmt::format("{} is missing: build the target web_catalogues", path.string()));
    return std::move(*bytes);
}

std::filesystem::path manifest_path() { return std::filesystem::path{PREAU_BUILT_WEB} / "assets/manifest.json"; }

std::optional<std::string> asset_bytes(std::string_view name) {
    return file_text(std::filesystem::path{PREAU_BUILT_WEB} / "assets" / name);
}

#endif

std::optional<std::filesystem::file_time_type> assets_built() {
    const auto path = manifest_path();
    std::error_code problem;
    const auto built =
        path.empty() ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(path, problem);
    return path.empty() || problem ? std::nullopt : std::optional{built};
}

} // namespace preau::web
