// Passkeys of one's own account: made, named, removed.
#include "portal/account/account.hpp"
#include "portal/passkeys/passkey_wire.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view purpose = "register";

Task<http::Response> offer(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    auto known =
        co_await portal.db.read([person = viewer.person](db::Tx& tx) { return identity::credentials_of(tx, person); });
    const auto party = identity::relying_party(portal.public_url);
    CreationOptions options{.challenge = base64url(identity::make_challenge(portal.identity, portal.world.random,
                                                                            bound_to_session(viewer.session, purpose),
                                                                            portal.world.clock.now())),
                            .rp = {.id = party.id, .name = "Préau"},
                            .user = {.id = base64url(identity::user_handle(portal.identity, viewer.person)),
                                     .name = viewer.login,
                                     .displayName = viewer.name},
                            .excludeCredentials = names_of(known)};
    auto response = http::json_response(json::text_of(options));
    response.headers.set("cache-control", "no-store");
    co_return response;
}

Result<identity::NewPasskey> read_new(Portal& portal, const http::Request& request, std::string* challenge) {
    const auto& viewer = sharing::viewer(request);
    auto sent = TRY(read_registration(request.body));
    auto data = TRY(identity::read_client_data(sent.registration.client_data));
    TRY(identity::check_challenge(portal.identity, data.challenge, bound_to_session(viewer.session, purpose),
                                  portal.world.clock.now()));
    auto credential = TRY(identity::check_registration(sent.registration, identity::relying_party(portal.public_url)));
    if (sent.label.empty()) sent.label = identity::describe_device(request.headers.find("user-agent"));
    if (sent.label.empty()) sent.label = web::Locale::of(sharing::language(request)).text("portal.unknown_device");
    *challenge = std::move(data.challenge);
    return identity::NewPasskey{
        .person = viewer.person, .credential = std::move(credential), .label = std::move(sent.label)};
}

Task<http::Response> add(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    std::string challenge;
    auto made = read_new(portal, request, &challenge);
    if (!made) co_return portal.gate.refusal(request, made.error());
    auto now = portal.world.clock.now();
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person),
        [&portal, viewer, challenge, now, made = std::move(*made)](db::Tx& tx) -> Result<identity::Factors> {
            TRY(identity::spend_challenge(tx, challenge, now));
            TRY(identity::add_passkey(tx, portal.world.ids, made, now));
            identity::note_proof(tx, viewer.session, now, true); // the device has just verified its person
            sharing::record_event(tx, portal.world, viewer, "person.passkey_added", {});
            return identity::factors_of(tx, viewer.person);
        });
    if (!done) co_return portal.gate.refusal(request, done.error());
    const auto* to = done->recovery_codes == 0 ? "/account/recovery-codes" : "/account/security?done=passkey";
    co_return http::json_response(json::text_of(WhereNext{.to = to}));
}

Result<void> remove_one(db::Tx& tx, Portal& portal, const Viewer& viewer, identity::PasskeyId passkey) {
    auto factors = identity::factors_of(tx, viewer.person);
    // Without a password the last keys are the only door: the paper stays as the second way in.
    if (!factors.password && factors.passkeys < 2) return fail(Error::Kind::Conflict, "portal.last_passkey");
    if (!identity::remove_passkey(tx, viewer.person, passkey)) return not_found("portal.no_such_passkey");
    sharing::record_event(tx, portal.world, viewer, "person.passkey_removed", {});
    return {};
}

Task<http::Response> remove(Portal& portal, http::Request& request) {
    if (auto first = co_await ask_again(portal, request, "/account/security")) co_return std::move(*first);
    const auto viewer = sharing::viewer(request);
    auto passkey = parse_id<identity::PasskeyId>(request.parameter("passkey")).value_or(identity::PasskeyId{});
    auto done = co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, passkey](db::Tx& tx) {
        return remove_one(tx, portal, viewer, passkey);
    });
    if (!done && done.error().kind == Error::Kind::Conflict)
        co_return co_await security_page(portal, request, PageProblem{"", done.error()});
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return http::redirect("/account/security?done=removed");
}

} // namespace

void passkey_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.post("/account/passkeys/options", {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return offer(portal, request); });
    routes.post("/account/passkeys", {.access = Access::Member, .body_limit = 64 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return add(portal, request); });
    routes.post("/account/passkeys/{passkey}/remove",
                {.access = Access::Member, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return remove(portal, request); });
}

} // namespace preau::portal
