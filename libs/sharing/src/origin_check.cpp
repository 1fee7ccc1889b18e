#include "origin_check.hpp"

#include "base/text.hpp"

namespace preau::sharing {
namespace {

bool is_ours(const http::Request& request, std::string_view origin, std::string_view public_url) {
    const auto lower = to_lower_ascii(origin);
    // The public address too: behind a proxy that ends TLS without saying so, our own scheme looks like http.
    return lower == (request.secure ? "https://" : "http://") + request.host || lower == to_lower_ascii(public_url);
}

} // namespace

std::optional<Error> origin_problem(const http::Request& request, std::string_view public_url, bool carries_cookie) {
    const Error other_site{.kind = Error::Kind::Forbidden, .key = "sharing.other_site"};
    const auto site = request.headers.find("sec-fetch-site");
    const auto origin = request.headers.find("origin");
    // `same-site` is not enough: the second origin, which serves what people upload, is the same site.
    if (!site.empty() && site != "same-origin" && site != "none") return other_site;
    // "null" (a sandboxed frame, a redirect between sites) is nobody's origin.
    if (!origin.empty() && !is_ours(request, origin, public_url)) return other_site;
    // Neither header: no browser of the last years. A program that signs in by itself sends no cookies.
    if (site.empty() && origin.empty() && carries_cookie)
        return Error{.kind = Error::Kind::Forbidden, .key = "sharing.origin_unknown"};
    return std::nullopt;
}

} // namespace preau::sharing
