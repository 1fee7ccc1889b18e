#include "portal/signin/entering.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/people.hpp"
#include "identity/second_factor.hpp"
#include "portal/passkeys/passkey_wire.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view step_cookie = "preau_second";
constexpr Millis step_lifetime = 10_min;

// Person and end, signed: nothing to store between two steps, and nothing that could be made up.
std::string step_token(const Portal& portal, PersonId person, Millis ends_at) {
    auto body = to_text(person) + "." + std::to_string(ends_at);
    return body + "." + base64url(hmac_sha256(portal.identity.signing_key("second-step"), body));
}

struct Next {
    bool second = false; // has a second factor
    bool admin = false;
};

} // namespace

Task<http::Response> enter(Portal& portal, http::Request& request, Admission admission) {
    // A new session at each sign-in, and the one that this browser had before ends: a session that somebody planted in
    // the browser is never the one that becomes signed in (session fixation, ASVS 5.0 §7.2.4).
    auto before = sharing::viewer(request);
    // One transaction: the session, what opened it, and its line in the journal.
    auto opened = [&portal, person = admission.person, passage = admission.passage,
                   spend = std::move(admission.spend)](db::Tx& tx) -> Result<void> {
        if (spend) TRY(spend(tx));
        record_passage(tx, portal, person, passage);
        return {};
    };
    auto session =
        co_await portal.identity.start_session({.person = admission.person,
                                                .device = identity::describe_device(request.headers.find("user-agent")),
                                                .peer = request.peer,
                                                .second = admission.second,
                                                .spend = std::move(opened)});
    if (!session) co_return portal.gate.refusal(request, session.error());
    if (before.session) {
        co_await portal.identity.end_session(before.person, before.session);
        co_await note_passage(portal, before.person, Passage::Closed);
    }
    auto response = request.wants_json() ? http::json_response(json::text_of(WhereNext{.to = admission.to}))
                                         : http::redirect(admission.to);
    response.headers.add("set-cookie",
                         http::set_cookie(request, "preau", session->token, identity::session_lifetime / 1000));
    if (!request.cookie(http::cookie_name(request, step_cookie)).empty())
        response.headers.add("set-cookie", http::set_cookie(request, step_cookie, "", 0));
    co_return response;
}

Task<http::Response> after_first(Portal& portal, http::Request& request, PersonId person, std::string to,
                                 Passage passage) {
    auto next = co_await portal.db.read([person](db::Tx& tx) {
        auto found = identity::find_person(tx, person);
        return Next{.second = identity::factors_of(tx, person).second(), .admin = found && found->admin};
    });
    if (!next.second) {
        if (next.admin && portal.admins_show_second_factor) to = "/account/security?why=admin&to=" + percent_encode(to);
        co_return co_await enter(
            portal, request, Admission{.person = person, .to = std::move(to), .spend = nullptr, .passage = passage});
    }
    auto response = http::redirect("/signin/second?to=" + percent_encode(to));
    auto token = step_token(portal, person, portal.world.clock.now() + step_lifetime);
    response.headers.add("set-cookie", http::set_cookie(request, step_cookie, token, step_lifetime / 1000));
    co_return response;
}

std::optional<PersonId> between_steps(const Portal& portal, const http::Request& request) {
    const auto token = request.cookie(http::cookie_name(request, step_cookie));
    const auto parts = split(token, '.');
    if (parts.size() != 3) return std::nullopt;
    auto person = parse_id<PersonId>(parts[0]);
    Millis ends_at = 0;
    auto [end, problem] = std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), ends_at);
    if (!person || problem != std::errc{} || end != parts[1].data() + parts[1].size()) return std::nullopt;
    if (!same_secret(token, step_token(portal, *person, ends_at))) return std::nullopt;
    return portal.world.clock.now() < ends_at ? person : std::nullopt;
}

} // namespace preau::portal
