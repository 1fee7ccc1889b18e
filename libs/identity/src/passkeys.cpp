#include "identity/passkeys.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "passkey_store.hpp"

namespace preau::identity {
namespace {

constexpr std::size_t random_part = 16;
constexpr std::size_t time_part = 8;
constexpr std::size_t mac_part = 32;
constexpr int forgotten_at_once = 20;

std::unexpected<Error> not_ours() { return fail(Error::Kind::Gone, "identity.passkey_challenge"); }

std::string written(Millis moment) {
    std::string bytes(time_part, '\0');
    for (std::size_t i = 0; i < time_part; ++i)
        bytes[i] = static_cast<char>(static_cast<std::uint64_t>(moment) >> (8 * (time_part - 1 - i)));
    return bytes;
}

Millis ends_at(std::string_view challenge) {
    std::uint64_t moment = 0;
    for (char byte : challenge.substr(random_part, time_part)) moment = moment << 8 | static_cast<unsigned char>(byte);
    return static_cast<Millis>(moment);
}

std::string signature(const Identity& identity, std::string_view body, std::string_view bound_to) {
    return hmac_sha256(identity.signing_key("passkey-challenge"), std::string{body} + std::string{bound_to});
}

} // namespace

std::string make_challenge(const Identity& identity, Random& random, std::string_view bound_to, Millis now) {
    std::string body(random_part, '\0');
    random.fill(std::as_writable_bytes(std::span{body}));
    body += written(now + challenge_lifetime);
    return body + signature(identity, body, bound_to);
}

Result<void> check_challenge(const Identity& identity, std::string_view challenge, std::string_view bound_to,
                             Millis now) {
    if (challenge.size() != random_part + time_part + mac_part) return not_ours();
    const auto body = challenge.substr(0, random_part + time_part);
    if (!same_secret(challenge.substr(body.size()), signature(identity, body, bound_to))) return not_ours();
    if (now >= ends_at(challenge)) return not_ours();
    return {};
}

Result<void> spend_challenge(db::Tx& tx, std::string_view challenge, Millis now) {
    store::forget_spent(tx, now, forgotten_at_once);
    if (!store::insert_spent(tx, sha256(challenge), ends_at(challenge))) return not_ours();
    return {};
}

std::string user_handle(const Identity& identity, PersonId person) {
    return hmac_sha256(identity.signing_key("passkey-handle"), to_text(person));
}

std::vector<Passkey> passkeys_of(db::Tx& tx, PersonId person) { return store::passkeys_of(tx, person); }

std::vector<std::string> credentials_of(db::Tx& tx, PersonId person) { return store::credentials_of(tx, person); }

Result<PasskeyId> add_passkey(db::Tx& tx, IdSource& ids, const NewPasskey& passkey, Millis now) {
    auto named = passkey;
    named.label = TRY(check_line(passkey.label, "label", 1, 60));
    if (std::ssize(store::passkeys_of(tx, passkey.person)) >= most_passkeys)
        return fail(Error::Kind::Conflict, "identity.passkey_many");
    auto id = ids.next_as<PasskeyId>();
    if (!store::insert_passkey(tx, id, named, now)) return fail(Error::Kind::Conflict, "identity.passkey_known");
    return id;
}

bool remove_passkey(db::Tx& tx, PersonId person, PasskeyId passkey) {
    return store::delete_passkey(tx, person, passkey);
}

std::optional<Held> find_passkey(db::Tx& tx, std::string_view credential) {
    return store::find_passkey(tx, credential);
}

Result<void> use_passkey(db::Tx& tx, PasskeyId passkey, std::int64_t sign_count, Millis now) {
    if (!store::count_use(tx, passkey, sign_count, now))
        return fail(Error::Kind::Forbidden, "identity.passkey_refused");
    return {};
}

} // namespace preau::identity
