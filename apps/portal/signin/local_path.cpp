#include "portal/signin/local_path.hpp"

#include <algorithm>

namespace preau::portal {

bool is_local_path(std::string_view path) {
    constexpr std::size_t longest = 2048;
    if (path.empty() || path.size() > longest || path.front() != '/') return false;
    // "//host" is another host (RFC 3986 §4.2), and browsers read "\" as "/" and drop tabs and line ends
    // (WHATWG URL, "basic URL parser"), so that "/\host" and "/<tab>/host" would be other hosts too.
    if (path.starts_with("//")) return false;
    return std::ranges::all_of(path, [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7f && c != '\\';
    });
}

std::string local_path_or_home(std::string_view path) {
    if (!is_local_path(path)) return "/";
    auto without_query = path.substr(0, path.find_first_of("?#"));
    if (without_query == "/signin" || without_query.starts_with("/signin/") || without_query == "/signout") return "/";
    return std::string{path};
}

} // namespace preau::portal
