// `preau routes`: an address leads to its code in one step. Works without data: the routes are built over an empty
// installation in a temporary directory, because what it prints must be what the server would serve.
#include "commands.hpp"
#include "installation.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace preau::server {
namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "preau-routes.XXXXXX").string();
        if (::mkdtemp(pattern.data())) path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored; // the system empties its temporary directory anyway
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::string_view name_of(const http::Route& route) {
    using enum http::Method;
    if (route.socket) return "SOCKET";
    switch (route.method) {
    case Get: return "GET";
    case Head: return "HEAD";
    case Post: return "POST";
    case Put: return "PUT";
    case Patch: return "PATCH";
    case Delete: return "DELETE";
    case Options: return "OPTIONS";
    case Other: break;
    }
    return "?";
}

std::string_view name_of(http::Access access) {
    using enum http::Access;
    switch (access) {
    case Guest: return "Guest";
    case Link: return "Link";
    case Member: return "Member";
    case Admin: return "Admin";
    }
    return "?";
}

std::string line_of(const http::Route& route) {
    std::string_view origin = route.rule.origin == http::Origin::Content ? " (content)" : "";
    return fmt::format("{:<7} {:<44} {:<7} {}:{}{}\n", name_of(route), route.pattern, name_of(route.rule.access.value),
                       route.where.file_name(), route.where.line(), origin);
}

} // namespace

int print_routes() {
    TemporaryDirectory temporary;
    auto directory = DataDirectory::open(temporary.path());
    if (!directory) return complain(directory.error());
    log::set_level(log::Level::Warn);
    Site site{*directory, Configuration{}, 8080};
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& route : site.router.routes()) lines.emplace_back(route->pattern, line_of(*route));
    std::ranges::sort(lines);
    for (const auto& [pattern, line] : lines) fmt::print("{}", line);
    return 0;
}

} // namespace preau::server
