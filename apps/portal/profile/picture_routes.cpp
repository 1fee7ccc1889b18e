// /account/picture: choose and remove one's own. /people/ID/picture/MARK/SIZE: the bytes.
#include "portal/profile/person_picture.hpp"

#include "identity/profile.hpp"
#include "portal/account/account.hpp"
#include "portal/profile/cards.hpp"
#include "sharing/answers.hpp"

namespace preau::portal {
namespace {

Task<http::Response> post_picture(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    auto squares = co_await receive_picture(portal, request);
    if (!squares) {
        if (request.wants_json()) co_return portal.gate.refusal(request, squares.error());
        co_return co_await own_card_page(portal, request, squares.error());
    }
    const auto person = sharing::viewer(request).person;
    co_await portal.db.write(db::lane_of(person), [&portal, person, squares = *squares](db::Tx& tx) {
        keep_picture(tx, portal, person, squares);
    });
    portal.identity.forget(person); // the menu shows it on the next page
    co_return sharing::done(request, "/account/card?done=picture");
}

Task<http::Response> post_remove(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    const auto person = sharing::viewer(request).person;
    co_await portal.db.write(db::lane_of(person), [person](db::Tx& tx) { return drop_picture(tx, person); });
    portal.identity.forget(person);
    co_return sharing::done(request, "/account/card?done=picture_removed");
}

struct Asked {
    PersonId person;
    std::string mark;
    bool large = false;
};

// The same for what is not there, what is somebody's whom one may not know, and what was there once.
std::unexpected<Error> nothing() { return not_found("identity.person"); }

Result<blob::Stored> find_bytes(db::Tx& tx, const Viewer& viewer, const Asked& asked, Millis now) {
    const auto seen = identity::see_person(tx, viewer, asked.person, now);
    if (!seen || seen->person.picture.empty() || seen->person.picture != asked.mark) return nothing();
    const auto row = store::find_picture(tx, asked.person);
    auto stored = row ? blob::find(tx, asked.large ? row->large : row->small) : std::nullopt;
    if (!stored) return nothing();
    return *stored;
}

// On the first origin, because only there a cookie says who asks. What a broken decoder might have written is declared
// a picture and can do nothing.
http::Response picture_response(blob::Source source, std::string_view mark) {
    http::Response response;
    response.body = http::FileBody{std::move(source.descriptor), source.offset, source.length};
    response.headers.set("Content-Type", "image/webp");
    response.headers.set("Cache-Control", "private, max-age=31536000, immutable");
    response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
    response.headers.set("ETag", '"' + std::string{mark} + '"');
    return response;
}

Task<http::Response> show_picture(Portal& portal, http::Request& request) {
    const auto size = request.parameter("size");
    const Asked asked{.person = parse_id<PersonId>(request.parameter("person")).value_or(PersonId{}),
                      .mark = std::string{request.parameter("mark")},
                      .large = size == "320"};
    if (!portal.blobs || (size != "96" && size != "320")) co_return portal.gate.refusal(request, nothing().error());
    auto stored = co_await portal.db.read([viewer = sharing::viewer(request), asked, now = portal.world.clock.now()](
                                              db::Tx& tx) { return find_bytes(tx, viewer, asked, now); });
    if (!stored) co_return portal.gate.refusal(request, stored.error());
    auto source = co_await portal.blobs->open(stored->locator);
    if (!source) co_return portal.gate.refusal(request, source.error());
    co_return picture_response(std::move(*source), asked.mark);
}

} // namespace

void picture_routes(http::Router& routes, Portal& portal) {
    constexpr std::uint64_t frame = 16 * 1024; // of the form around it
    for (const auto* pattern : {"/account/picture", "/api/account/picture"})
        routes.post(pattern,
                    {.access = http::Access::Member,
                     .body_limit = largest_picture + frame,
                     .rate = http::Rate::Archive, // each costs two processes
                     .body = http::Body::Streamed},
                    [&portal](http::Request& request) { return post_picture(portal, request); });
    for (const auto* pattern : {"/account/picture/remove", "/api/account/picture/remove"})
        routes.post(pattern, {.access = http::Access::Member, .body_limit = 1024, .rate = http::Rate::Write},
                    [&portal](http::Request& request) { return post_remove(portal, request); });
    routes.get("/people/{person}/picture/{mark}/{size}",
               {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_picture(portal, request); });
}

} // namespace preau::portal
