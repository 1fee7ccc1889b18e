#include "as_viewer.hpp"

#include "admitted.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"

#include <charconv>

namespace preau::sharing {
namespace {

constexpr std::string_view as_cookie = "preau_as";
constexpr auto limit_kind = static_cast<Subject::Kind>(100); // the table of grants holds 1 to 8

std::string sign(const identity::Identity& identity, std::string_view text) {
    return base64url(hmac_sha256(identity.signing_key("seen-as"), text));
}

} // namespace

Subject limited_to(PersonId real) { return {limit_kind, real.value}; }

std::optional<PersonId> limit_of(const Viewer& viewer) {
    // The highest kind: it stands last.
    if (viewer.subjects.empty() || viewer.subjects.back().kind != limit_kind) return std::nullopt;
    return PersonId{viewer.subjects.back().id};
}

// "SUBJECT~SESSION~UNTIL~LABEL.SIGNATURE"
std::optional<SeenAs> read_seen_as(const http::Request& request, const identity::Identity& identity, Millis now) {
    const auto cookie = request.cookie(http::cookie_name(request, as_cookie));
    const auto dot = cookie.rfind('.');
    if (dot == std::string_view::npos || !same_secret(cookie.substr(dot + 1), sign(identity, cookie.substr(0, dot))))
        return std::nullopt;
    const auto parts = split(cookie.substr(0, dot), '~');
    if (parts.size() != 4) return std::nullopt;
    const auto audience = parse_subject(parts[0]);
    const auto session = parse_id<SessionId>(parts[1]);
    const auto label = base64url_decode(parts[3]);
    SeenAs seen;
    std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), seen.until);
    if (!audience || !session || !label || seen.until <= now) return std::nullopt;
    seen.audience = *audience;
    seen.session = *session;
    seen.label = *label;
    return seen;
}

void write_seen_as(http::Response& response, const http::Request& request, const identity::Identity& identity,
                   const SeenAs& seen) {
    const auto text = text_of(seen.audience) + '~' + to_text(seen.session) + '~' + std::to_string(seen.until) + '~' +
                      base64url(seen.label);
    response.headers.add("Set-Cookie",
                         http::set_cookie(request, as_cookie, text + '.' + sign(identity, text), as_lifetime / 1000));
}

void end_seen_as(http::Response& response, const http::Request& request) {
    response.headers.add("Set-Cookie", http::set_cookie(request, as_cookie, "", 0));
}

Viewer viewer_as(db::Tx& tx, const Viewer& real, const SeenAs& seen, Millis now) {
    Viewer viewer;
    if (seen.audience.kind == Subject::Kind::Link) {
        add_passes(viewer, valid_links(tx, {LinkId{seen.audience.id}}, now));
    } else if (seen.audience.kind == Subject::Kind::Families) {
        viewer.kind = Viewer::Kind::LinkHolder;
        viewer.subjects = {everybody, seen.audience};
    }
    viewer.language = real.language;
    viewer.zone = real.zone;
    viewer.session = real.session;
    viewer.subjects.push_back(limited_to(real.person));
    std::ranges::sort(viewer.subjects);
    return viewer;
}

Result<Item> may_see_as(db::Tx& tx, const Viewer& viewer, ItemId id, Subject audience, Millis now) {
    auto item = TRY(require(tx, viewer, Action::Manage, id, now));
    if (audience.kind == Subject::Kind::Public) return item;
    if (audience.kind == Subject::Kind::Link)
        for (const auto& link : valid_links(tx, {LinkId{audience.id}}, now))
            if (link.item == id) return item;
    // The page of a class lists all that its families see: its staff sees that list already, nobody else.
    if (audience.kind == Subject::Kind::Families && viewer.is(subject(GroupId{audience.id}))) return item;
    return fail(Error::Kind::Forbidden, "share.cannot_see_as");
}

} // namespace preau::sharing
