// Style sheets, scripts, icons, fonts: read once, kept with their compressed forms, sent with a year of caching because
// the hash of the content is in the name.
#include "base/json.hpp"
#include "base/text.hpp"
#include "http/router.hpp"
#include "resources.hpp"
#include "web/pages.hpp"

#include <fmt/core.h>

#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace preau::web {
namespace {

struct Asset {
    std::shared_ptr<const std::string> plain; // shared: responses send from it without a copy
    std::shared_ptr<const std::string> brotli; // null where compression does not pay
    std::shared_ptr<const std::string> gzip;
    std::string_view type;
};

struct Manifest {
    std::map<std::string, std::string, std::less<>> addresses; // "base.css" → "/assets/base-3f9c….css"
    std::set<std::string, std::less<>> icons;
};

std::string_view type_of(std::string_view name) {
    static constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".woff2", "font/woff2"},
        {".png", "image/png"},
    };
    for (const auto& [ending, type] : types)
        if (name.ends_with(ending)) return type;
    return "application/octet-stream";
}

std::shared_ptr<const std::string> shared_bytes(std::string_view name) {
    auto bytes = asset_bytes(name);
    return bytes ? std::make_shared<const std::string>(std::move(*bytes)) : nullptr;
}

Manifest read_manifest() {
    const auto text = asset_bytes("manifest.json");
    auto parsed = json::parse(text.value_or(""));
    if (!parsed) throw TemplateError("the assets are not built: build the target web_assets");
    Manifest manifest;
    for (const auto& name : parsed->names())
        if (name != "icons") manifest.addresses[name] = fmt::format("/assets/{}", *(*parsed)[name].text());
    const auto icons = (*parsed)["icons"];
    for (std::size_t i = 0; i < icons.size(); ++i) manifest.icons.insert(*icons.at(i).text());
    return manifest;
}

// Everything that was built, loaded at first use. Where it is not embedded the build may replace it while the server
// runs: then it is read again.
class Shelf {
public:
    static Shelf& instance() {
        static Shelf shelf;
        return shelf;
    }

    std::string address(std::string_view name) {
        auto manifest = current();
        auto found = manifest->addresses.find(name);
        if (found == manifest->addresses.end()) {
            manifest = reload();
            found = manifest->addresses.find(name);
        }
        if (found == manifest->addresses.end()) throw TemplateError(fmt::format("unknown asset '{}'", name));
        return found->second;
    }

    void check_icon(std::string_view name) {
        if (!current()->icons.contains(name) && !reload()->icons.contains(name))
            throw TemplateError(fmt::format("unknown icon '{}': build web_assets, or add it to web/icons.txt", name));
    }

    // Null for a name that no manifest holds: nothing else of the file system can be reached.
    std::shared_ptr<const Asset> find(std::string_view file) {
        const auto address = fmt::format("/assets/{}", file);
        {
            std::shared_lock lock{mutex_};
            if (auto found = assets_.find(file); found != assets_.end()) return found->second;
        }
        if (!listed(*current(), address) && !listed(*reload(), address)) return nullptr;
        auto asset = std::make_shared<Asset>(Asset{.plain = shared_bytes(file),
                                                   .brotli = shared_bytes(fmt::format("{}.br", file)),
                                                   .gzip = shared_bytes(fmt::format("{}.gz", file)),
                                                   .type = type_of(file)});
        if (!asset->plain) return nullptr;
        std::unique_lock lock{mutex_};
        return assets_.emplace(file, std::move(asset)).first->second;
    }

private:
    static bool listed(const Manifest& manifest, std::string_view address) {
        return std::ranges::any_of(manifest.addresses, [&](const auto& entry) { return entry.second == address; });
    }

    std::shared_ptr<const Manifest> current() {
        {
            std::shared_lock lock{mutex_};
            const auto built = assets_built();
            if (manifest_ && (!built || built == built_)) return manifest_;
        }
        return reload();
    }

    std::shared_ptr<const Manifest> reload() {
#ifdef PREAU_EMBED
        if (std::shared_lock lock{mutex_}; manifest_) return manifest_;
#endif
        const auto built = assets_built(); // before reading: a build in between makes the next reader look again
        auto manifest = std::make_shared<const Manifest>(read_manifest());
        std::unique_lock lock{mutex_};
        built_ = built;
        return manifest_ = std::move(manifest);
    }

    std::shared_mutex mutex_;
    std::shared_ptr<const Manifest> manifest_; // shared: readers keep a replaced one alive
    std::optional<std::filesystem::file_time_type> built_;
    std::map<std::string, std::shared_ptr<const Asset>, std::less<>> assets_; // at most as many as were built
};

// RFC 9110 §12.5.3, as far as browsers use it: named without a weight of zero.
bool accepts(std::string_view header, std::string_view coding) {
    for (auto part : split(header, ',')) {
        const auto semicolon = std::min(part.find(';'), part.size());
        if (trimmed(part.substr(0, semicolon)) != coding) continue;
        const auto weight = part.substr(semicolon);
        return !weight.contains("q=0") || weight.contains("q=0.");
    }
    return false;
}

http::Response response_with(const http::Request& request, std::string_view name) {
    const auto asset = Shelf::instance().find(name);
    if (!asset) return http::text_response(404, "There is no such file.\n");
    http::Response response;
    const auto codings = request.headers.find("Accept-Encoding");
    response.body = asset->plain;
    if (asset->brotli && accepts(codings, "br")) {
        response.body = asset->brotli;
        response.headers.set("Content-Encoding", "br");
    } else if (asset->gzip && accepts(codings, "gzip")) {
        response.body = asset->gzip;
        response.headers.set("Content-Encoding", "gzip");
    }
    if (asset->brotli) response.headers.set("Vary", "Accept-Encoding");
    response.headers.set("Content-Type", asset->type);
    response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
    return response;
}

Task<http::Response> show_asset(http::Request& request) { co_return response_with(request, request.parameter("name")); }

// Browsers ask for it by themselves where a page names no icon; the drawn mark is small enough to answer it directly.
Task<http::Response> show_favicon(http::Request&) {
    auto response = http::redirect(asset_url("mark.svg"), 302);
    response.headers.set("Cache-Control", "public, max-age=86400");
    co_return response;
}

} // namespace

std::string asset_url(std::string_view name) { return Shelf::instance().address(name); }

TemplateAssets built_assets() {
    return {.address = [](std::string_view name) { return asset_url(name); },
            .check_icon = [](std::string_view icon) { Shelf::instance().check_icon(icon); }};
}

void asset_routes(http::Router& routes) {
    const http::Rule rule{.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Free};
    routes.get("/assets/{name...}", rule, [](http::Request& request) { return show_asset(request); });
    routes.get("/favicon.ico", rule, [](http::Request& request) { return show_favicon(request); });
}

} // namespace preau::web
