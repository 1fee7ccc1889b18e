#include "site.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <ranges>

namespace preau::http {
namespace {

struct Authority {
    std::string host; // with port, unless it is the default of its scheme
    std::string name; // without
};

std::string without_default_port(std::string_view host) {
    if (host.ends_with(":80"))
        host.remove_suffix(3);
    else if (host.ends_with(":443"))
        host.remove_suffix(4);
    return to_lower_ascii(host);
}

std::string_view without_port(std::string_view host) {
    auto colon = host.rfind(':');
    auto bracket = host.rfind(']'); // [::1]:8080
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) return host;
    return host.substr(0, colon);
}

Authority authority_of(std::string_view url) {
    auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    auto host = without_default_port(url.substr(0, url.find('/')));
    return {.host = host, .name = std::string{without_port(host)}};
}

std::string_view without_slash(std::string_view url) {
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

} // namespace

Site::Site(const ServerOptions& options) : proxies_{options.trusted_proxies} {
    auto main = authority_of(options.public_url);
    public_host_ = main.host;
    public_name_ = main.name;
    std::string content{without_slash(options.content_url)};
    if (!content.empty()) {
        auto second = authority_of(content);
        content_host_ = second.host;
        content_name_ = second.name;
    }
    auto media = content.empty() ? "" : " " + content;
    page_policy_ = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:" + media +
                   "; media-src 'self'" + media +
                   "; font-src 'self'; connect-src 'self'; form-action 'self'; "
                   "frame-src 'self'" +
                   media +
                   "; base-uri 'none'; frame-ancestors 'none'; "
                   "require-trusted-types-for 'script'";
    content_policy_ = "sandbox; default-src 'none'; frame-ancestors " + std::string{without_slash(options.public_url)};
    main_headers_ = {{"X-Content-Type-Options", "nosniff"},
                     {"Referrer-Policy", "no-referrer"},
                     {"Cross-Origin-Opener-Policy", "same-origin"},
                     {"Cross-Origin-Resource-Policy", "same-origin"},
                     {"X-Frame-Options", "DENY"},
                     {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"}};
    content_headers_ = {{"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"},
                        {"Cross-Origin-Resource-Policy", "cross-origin"}};
}

void Site::set_port(std::uint16_t port) { own_port_ = std::to_string(port); }

std::optional<Origin> Site::origin_of(std::string_view given) const {
    auto host = without_default_port(given);
    if (host == public_host_) return Origin::Main;
    if (!content_host_.empty() && host == content_host_) return Origin::Content;
    auto name = without_port(host);
    // The port we listen on, for whoever comes past the proxy, and for tests that ask for any free one.
    if (host.size() > name.size() ? host.substr(name.size() + 1) != own_port_ : own_port_ != "80" && own_port_ != "443")
        return std::nullopt;
    if (name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name == public_name_) return Origin::Main;
    if (!content_name_.empty() && name == content_name_) return Origin::Content;
    return std::nullopt;
}

bool Site::trusts(std::string_view peer) const { return std::ranges::find(proxies_, peer) != proxies_.end(); }

void Site::believe_proxy(Request& request) const {
    if (!trusts(request.peer)) return;
    // Each proxy appends the neighbour it saw: the last address that is not one of ours is the client.
    for (auto address : split(request.headers.find("x-forwarded-for"), ',') | std::views::reverse) {
        auto one = trimmed(address);
        if (one.empty() || one.size() > 45) break;
        request.peer = one;
        if (!trusts(one)) break;
    }
    if (auto scheme = request.headers.find("x-forwarded-proto"); !scheme.empty())
        request.secure = to_lower_ascii(scheme) == "https";
    if (auto host = request.headers.find("x-forwarded-host"); !host.empty())
        request.host = to_lower_ascii(trimmed(host));
}

} // namespace preau::http
