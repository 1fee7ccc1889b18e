#include "browser_token.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view browser_cookie = "preau_browser";
constexpr std::size_t longest = 64;

} // namespace

BrowserToken browser_token(const http::Request& request, const Viewer& viewer) {
    if (viewer.kind != Viewer::Kind::LinkHolder) return {};
    auto sent = request.cookie(http::cookie_name(request, browser_cookie));
    return {.secret = sent.size() <= longest ? std::string{sent} : std::string{}};
}

BrowserToken browser_token_or_new(const http::Request& request, const Viewer& viewer, Random& random) {
    auto token = browser_token(request, viewer);
    if (viewer.kind == Viewer::Kind::LinkHolder && token.secret.empty())
        token = {.secret = random.token(16), .fresh = true};
    return token;
}

void keep_browser_token(http::Response& response, const http::Request& request, const BrowserToken& token) {
    if (token.fresh)
        response.headers.add("Set-Cookie", http::set_cookie(request, browser_cookie, token.secret, std::nullopt));
}

void drop_browser_token(http::Response& response, const http::Request& request) {
    if (!request.cookie(http::cookie_name(request, browser_cookie)).empty())
        response.headers.add("Set-Cookie", http::set_cookie(request, browser_cookie, "", 0));
}

} // namespace preau::sharing
