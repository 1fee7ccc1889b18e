// The cookie of link passes: "NICKNAME~LINK~LINK.SIGNATURE". It says which links were opened (and their passwords
// given), never what they allow: that is asked of the rows at each request.
#include "admitted.hpp"
#include "base/text.hpp"
#include "sharing/gate.hpp"

namespace preau::sharing {
namespace {

constexpr std::size_t most_links = 40;

std::string sign(const identity::Identity& identity, std::string_view text) {
    return base64url(hmac_sha256(identity.signing_key("link-passes"), text));
}

} // namespace

Passes read_passes(const http::Request& request, const identity::Identity& identity) {
    const auto cookie = request.cookie(http::cookie_name(request, passes_cookie));
    const auto dot = cookie.rfind('.');
    if (dot == std::string_view::npos) return {};
    const auto text = cookie.substr(0, dot);
    if (!same_secret(cookie.substr(dot + 1), sign(identity, text))) return {};
    Passes passes;
    const auto parts = split(text, '~');
    if (auto name = base64url_decode(parts.front()); name && valid_utf8(*name)) passes.nickname = std::move(*name);
    for (std::size_t i = 1; i < parts.size() && passes.links.size() < most_links; ++i)
        if (auto link = parse_id<LinkId>(parts[i])) passes.links.push_back(*link);
    return passes;
}

void write_passes(http::Response& response, const http::Request& request, const identity::Identity& identity,
                  const Passes& passes) {
    if (passes.links.empty() && passes.nickname.empty()) {
        response.headers.add("Set-Cookie", http::set_cookie(request, passes_cookie, "", 0));
        return;
    }
    auto text = base64url(passes.nickname);
    const auto skipped = passes.links.size() > most_links ? passes.links.size() - most_links : 0; // the oldest
    for (std::size_t i = skipped; i < passes.links.size(); ++i) text += '~' + to_text(passes.links[i]);
    // No Max-Age: it ends with the browser's session, for tablets that go from hand to hand.
    response.headers.add("Set-Cookie",
                         http::set_cookie(request, passes_cookie, text + '.' + sign(identity, text), std::nullopt));
}

} // namespace preau::sharing
