// Signing in with a passkey: no name, no password, both factors at once.
#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/second_factor.hpp"
#include "portal/passkeys/passkey_wire.hpp"
#include "portal/signin/entering.hpp"
#include "portal/signin/local_path.hpp"
#include "portal/signin/signin.hpp"

namespace preau::portal {
namespace {

constexpr std::size_t mark_bytes = 32;
constexpr std::size_t mark_letters = 43;

Task<http::Response> offer(Portal& portal, http::Request& request) {
    auto mark = browser_mark(request);
    const bool fresh = mark.size() != mark_letters;
    if (fresh) mark = portal.world.random.token(mark_bytes);
    RequestOptions options{.challenge = base64url(identity::make_challenge(
                               portal.identity, portal.world.random, bound_to_browser(mark), portal.world.clock.now())),
                           .rpId = identity::relying_party(portal.public_url).id};
    // After the password the person is known, and so are keys that no device finds by itself.
    if (auto person = between_steps(portal, request))
        options.allowCredentials =
            names_of(co_await portal.db.read([person](db::Tx& tx) { return identity::credentials_of(tx, *person); }));
    auto response = http::json_response(json::text_of(options));
    response.headers.set("cache-control", "no-store");
    if (fresh) response.headers.add("set-cookie", http::set_cookie(request, browser_cookie, mark, std::nullopt));
    co_return response;
}

Task<http::Response> sign_in_by_passkey(Portal& portal, http::Request& request) {
    auto mark = browser_mark(request);
    auto sent = read_assertion(request.body);
    if (!sent) co_return portal.gate.refusal(request, sent.error());
    auto answer = co_await check_answer(portal, std::move(*sent), bound_to_browser(mark));
    if (!answer) co_return portal.gate.refusal(request, answer.error());
    auto now = portal.world.clock.now();
    auto person = answer->key.person;
    co_return co_await enter(
        portal, request,
        Admission{.person = person,
                  .to = local_path_or_home(request.query("to")),
                  .second = true,
                  .spend = [answer = std::move(*answer), now](db::Tx& tx) { return spend_answer(tx, answer, now); }});
}

} // namespace

void passkey_signin_routes(http::Router& routes, Portal& portal) {
    using http::Access;
    using http::Rate;
    routes.post("/signin/passkey/options", {.access = Access::Guest, .body_limit = 1024, .rate = Rate::Write},
                [&portal](http::Request& request) { return offer(portal, request); });
    routes.post("/signin/passkey", {.access = Access::Guest, .body_limit = 16 * 1024, .rate = Rate::SignIn},
                [&portal](http::Request& request) { return sign_in_by_passkey(portal, request); });
}

} // namespace preau::portal
