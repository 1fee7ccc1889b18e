#include "link_visit.hpp"

#include "admitted.hpp"
#include "base/text.hpp"

namespace preau::sharing {
namespace {

constexpr std::size_t most_counted = 100;          // the oldest dropped: 100 ids are 1.4 kB
constexpr std::int64_t counted_for = 400 * 86'400; // what browsers keep at most

std::string sign(const identity::Identity& identity, std::string_view text) {
    return base64url(hmac_sha256(identity.signing_key("link-counted"), text));
}

} // namespace

std::vector<LinkId> counted_links(const http::Request& request, const identity::Identity& identity) {
    const auto cookie = request.cookie(http::cookie_name(request, counted_cookie));
    const auto dot = cookie.rfind('.');
    if (dot == std::string_view::npos || !same_secret(cookie.substr(dot + 1), sign(identity, cookie.substr(0, dot))))
        return {};
    std::vector<LinkId> links;
    for (auto part : split(cookie.substr(0, dot), '~'))
        if (auto link = parse_id<LinkId>(part); link && links.size() < most_counted) links.push_back(*link);
    return links;
}

void remember_counted(http::Response& response, const http::Request& request, const identity::Identity& identity,
                      LinkId link) {
    auto links = counted_links(request, identity);
    std::erase(links, link);
    links.push_back(link);
    if (links.size() > most_counted) links.erase(links.begin());
    std::string text;
    for (auto counted : links) text += (text.empty() ? "" : "~") + to_text(counted);
    response.headers.add("Set-Cookie",
                         http::set_cookie(request, counted_cookie, text + '.' + sign(identity, text), counted_for));
}

bool looks_like_robot(const http::Request& request) {
    const auto agent = to_lower_ascii(request.headers.find("user-agent"));
    if (request.method == http::Method::Head) return true;
    for (std::string_view word : {"bot", "crawl", "spider", "preview", "facebookexternalhit", "whatsapp", "slack",
                                  "telegram", "discord", "skype", "curl", "wget", "python"})
        if (agent.contains(word)) return true;
    return false;
}

} // namespace preau::sharing
