#include "portal/passkeys/passkey_wire.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace preau::portal {
namespace {

std::unexpected<Error> malformed() { return fail(Error::Kind::Malformed, "identity.passkey_malformed"); }
std::unexpected<Error> refused() { return fail(Error::Kind::Forbidden, "identity.passkey_refused"); }

Result<std::string> bytes_of(const json::Value& value) {
    auto text = value.text();
    auto bytes = text ? base64url_decode(*text) : Result<std::string>{malformed()};
    if (!bytes) return malformed();
    return bytes;
}

} // namespace

std::vector<CredentialName> names_of(const std::vector<std::string>& credentials) {
    std::vector<CredentialName> names;
    for (const auto& credential : credentials) names.push_back({.id = base64url(credential)});
    return names;
}

Result<identity::Assertion> read_assertion(std::string_view body) {
    auto sent = json::parse(body);
    if (!sent) return malformed();
    identity::Assertion assertion{.credential = TRY(bytes_of((*sent)["id"])),
                                  .client_data = TRY(bytes_of((*sent)["clientDataJSON"])),
                                  .authenticator = TRY(bytes_of((*sent)["authenticatorData"])),
                                  .signature = TRY(bytes_of((*sent)["signature"]))};
    if ((*sent)["userHandle"].present()) assertion.user_handle = TRY(bytes_of((*sent)["userHandle"]));
    return assertion;
}

Result<SentRegistration> read_registration(std::string_view body) {
    auto sent = json::parse(body);
    if (!sent) return malformed();
    return SentRegistration{.registration = {.client_data = TRY(bytes_of((*sent)["clientDataJSON"])),
                                             .attestation = TRY(bytes_of((*sent)["attestationObject"]))},
                            .label = (*sent)["label"].text().value_or("")};
}

Task<Result<Answer>> check_answer(Portal& portal, identity::Assertion sent, std::string bound_to) {
    auto data = identity::read_client_data(sent.client_data);
    if (!data) co_return std::unexpected(std::move(data.error()));
    auto ours = identity::check_challenge(portal.identity, data->challenge, bound_to, portal.world.clock.now());
    if (!ours) co_return std::unexpected(std::move(ours.error()));
    auto key = co_await portal.db.read(
        [credential = sent.credential](db::Tx& tx) { return identity::find_passkey(tx, credential); });
    // Removed here while the device still holds it, or of an account that is gone.
    if (!key) co_return fail(Error::Kind::Forbidden, "identity.passkey_unknown");
    if (!sent.user_handle.empty() && sent.user_handle != identity::user_handle(portal.identity, key->person))
        co_return refused();
    auto count = identity::check_assertion(sent, {.algorithm = key->algorithm, .public_key = key->public_key},
                                           identity::relying_party(portal.public_url));
    if (!count) co_return std::unexpected(std::move(count.error()));
    co_return Answer{.key = std::move(*key), .sign_count = *count, .challenge = std::move(data->challenge)};
}

Result<void> spend_answer(db::Tx& tx, const Answer& answer, Millis now) {
    TRY(identity::spend_challenge(tx, answer.challenge, now));
    return identity::use_passkey(tx, answer.key.id, answer.sign_count, now);
}

std::string browser_mark(const http::Request& request) {
    return std::string{request.cookie(http::cookie_name(request, browser_cookie))};
}

std::string bound_to_browser(std::string_view mark) { return "sign in " + std::string{mark}; }

std::string bound_to_session(SessionId session, std::string_view purpose) {
    return std::string{purpose} + " " + to_text(session);
}

} // namespace preau::portal
