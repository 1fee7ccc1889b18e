// Signed addresses of bytes on the second origin, which has no cookies. The signature says who asked; what that viewer
// may do is asked again whenever the address is used (docs/adr/0006-content-addresses.md).
#include "as_viewer.hpp"
#include "base/text.hpp"
#include "identity/guests.hpp"
#include "sharing/gate.hpp"

#include <charconv>
#include <fmt/core.h>

namespace preau::sharing {
namespace {

// "p1.2-l3-l4": a person with the session, then links; empty for a stranger.
std::string name_of(const Viewer& viewer) {
    std::string name;
    // The page asked whether both may see it; the address names the one who is really there.
    if (auto real = limit_of(viewer)) return "p" + to_text(*real) + '.' + to_text(viewer.session);
    if (viewer.is_person()) name = "p" + to_text(viewer.person) + '.' + (viewer.session ? to_text(viewer.session) : "");
    for (auto link : viewer.links) name += (name.empty() ? "l" : "-l") + to_text(link);
    return name;
}

std::optional<Viewer> find_person(db::Tx& tx, std::string_view name, Millis now) {
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto person = parse_id<PersonId>(name.substr(0, dot));
    if (!person) return std::nullopt;
    if (dot + 1 == name.size()) { // came by an app password
        const auto guest = identity::find_guest(tx, *person);
        if (guest && guest->until_at <= now) return std::nullopt;
        return identity::find_viewer(tx, *person);
    }
    const auto session = parse_id<SessionId>(name.substr(dot + 1));
    if (!session) return std::nullopt;
    auto viewer = identity::find_viewer(tx, *session, now);
    if (viewer && viewer->person != *person) return std::nullopt;
    return viewer;
}

Viewer find_named(db::Tx& tx, std::string_view name, Millis now) {
    Viewer viewer;
    std::vector<LinkId> links;
    for (auto part : split(name, '-')) {
        if (part.starts_with('p'))
            viewer = find_person(tx, part.substr(1), now).value_or(Viewer{});
        else if (part.starts_with('l'))
            if (auto link = parse_id<LinkId>(part.substr(1))) links.push_back(*link);
    }
    add_passes(viewer, valid_links(tx, links, now));
    return viewer;
}

std::string sign(const identity::Identity& identity, const ContentAddress& what, std::string_view expiry,
                 std::string_view who) {
    const auto text = fmt::format("{}|{}|{}|{}", to_text(what.item), what.variant, expiry, who);
    return base64url(hmac_sha256(identity.signing_key("content-address"), text));
}

} // namespace

std::string content_address(const http::Request& request, const identity::Identity& identity,
                            const GateOptions& options, const ContentAddress& what, Millis now) {
    // To the full hour, so that a page shown twice names the same address and the browser's cache serves.
    const auto expiry = std::to_string((now / 1_h + 2) * 1_h / 1000);
    const auto who = name_of(viewer(request));
    const auto& base = options.content_url.empty() ? options.public_url : options.content_url;
    return fmt::format("{}/content/{}/{}?e={}&w={}&s={}", base, to_text(what.item), percent_encode(what.variant),
                       expiry, who, sign(identity, what, expiry, who));
}

Result<Viewer> content_viewer(db::Tx& tx, const identity::Identity& identity, const http::Request& request,
                              const ContentAddress& what, Millis now) {
    const auto expiry = request.query("e");
    const auto who = request.query("w");
    if (!same_secret(request.query("s"), sign(identity, what, expiry, who))) return forbidden("content.signature");
    std::int64_t seconds = 0;
    std::from_chars(expiry.data(), expiry.data() + expiry.size(), seconds); // signed, so it is a number
    if (now / 1000 >= seconds) return fail(Error::Kind::Gone, "content.expired");
    return find_named(tx, who, now);
}

} // namespace preau::sharing
