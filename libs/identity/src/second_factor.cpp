#include "identity/second_factor.hpp"

#include "base/seal.hpp"
#include "base/text.hpp"
#include "person_store.hpp"
#include "second_factor_store.hpp"
#include "secret_format.hpp"
#include "session_store.hpp"
#include "totp.hpp"

namespace preau::identity {
namespace {

constexpr Millis pending_lifetime = 1_h;

std::string random_bytes(Random& random, std::size_t count) {
    std::string bytes(count, '\0');
    random.fill(std::as_writable_bytes(std::span{bytes}));
    return bytes;
}

std::string totp_key(const Identity& identity) { return identity.signing_key("totp"); }

// The context keeps a sealed secret from being moved to another person's row.
std::optional<std::string> opened(const Identity& identity, PersonId person, const store::Totp& row) {
    return unseal(totp_key(identity), to_text(person), row.secret);
}

std::unexpected<Error> wrong_code() { return invalid("code", "identity.code_wrong"); }

std::optional<store::Totp> find_pending(db::Tx& tx, PersonId person, Millis now) {
    auto row = store::find_totp(tx, person, true);
    return row && now < row->created_at + pending_lifetime ? row : std::nullopt;
}

} // namespace

Factors factors_of(db::Tx& tx, PersonId person) {
    auto found = store::count_factors(tx, person);
    return {.password = found.password > 0,
            .totp_since = found.totp_since,
            .totp_used = found.totp_used,
            .passkeys = found.passkeys,
            .recovery_codes = found.recovery_codes};
}

Proof proof_of(db::Tx& tx, SessionId session) { return store::find_proof(tx, session).value_or(Proof{}); }

void note_proof(db::Tx& tx, SessionId session, Millis now, bool second) {
    store::mark_proved(tx, session, now);
    if (second) store::mark_second(tx, session, now);
}

bool second_shown(const Proof& proof, Millis now) {
    return proof.second_at != 0 && now < proof.second_at + second_lifetime;
}

bool is_fresh(const Proof& proof, const Factors& factors, Millis now) {
    if (now >= proof.proved_at + proof_lifetime) return false;
    return !factors.second() || second_shown(proof, now);
}

std::string begin_totp(db::Tx& tx, const Identity& identity, Random& random, PersonId person, Millis now) {
    auto secret = random_bytes(random, totp_secret_bytes);
    store::put_pending_totp(tx, person, seal(random, totp_key(identity), to_text(person), secret), now);
    return secret;
}

std::optional<std::string> pending_totp(db::Tx& tx, const Identity& identity, PersonId person, Millis now) {
    auto row = find_pending(tx, person, now);
    return row ? opened(identity, person, *row) : std::nullopt;
}

Result<void> confirm_totp(db::Tx& tx, const Identity& identity, PersonId person, std::string_view code, Millis now) {
    auto secret = pending_totp(tx, identity, person, now);
    if (!secret) return fail(Error::Kind::Gone, "identity.totp_expired");
    auto digits = bare_totp(code);
    auto step = digits.empty() ? std::nullopt : totp_step(*secret, digits, now);
    if (!step) return wrong_code();
    store::confirm_totp(tx, person, *step, now);
    return {};
}

bool remove_totp(db::Tx& tx, PersonId person) {
    store::delete_totp(tx, person, true);
    return store::delete_totp(tx, person, false);
}

Result<void> use_totp(db::Tx& tx, const Identity& identity, PersonId person, std::string_view code, Millis now) {
    auto row = store::find_totp(tx, person, false);
    auto digits = bare_totp(code);
    if (!row || digits.empty()) return wrong_code();
    auto secret = opened(identity, person, *row);
    auto step = secret ? totp_step(*secret, digits, now) : std::nullopt;
    if (!step) return wrong_code();
    if (!store::advance_totp(tx, person, *step, now)) return invalid("code", "identity.code_used");
    return {};
}

std::vector<std::string> make_recovery_codes(db::Tx& tx, Random& random, PersonId person, Millis now) {
    store::delete_recovery_codes(tx, person);
    std::vector<std::string> codes;
    while (codes.size() < static_cast<std::size_t>(recovery_codes_at_once)) {
        codes.push_back(new_recovery_code(random));
        store::insert_recovery_code(tx, person, sha256(bare_recovery_code(codes.back())), now);
    }
    return codes;
}

bool looks_like_recovery_code(std::string_view typed) { return !bare_recovery_code(typed).empty(); }

Result<void> use_recovery_code(db::Tx& tx, PersonId person, std::string_view typed) {
    auto bare = bare_recovery_code(typed);
    if (bare.empty() || !store::delete_recovery_code(tx, person, sha256(bare))) return wrong_code();
    return {};
}

std::string make_reset_link(db::Tx& tx, IdSource& ids, Random& random, PersonId person, Millis now) {
    auto token = random.token(32);
    store::forget_one_time_links(tx, now - 1_days);
    store::insert_reset_link(tx, ids.next(), sha256(token), person, now + reset_lifetime);
    return token;
}

std::optional<Redeemed> find_link(db::Tx& tx, std::string_view token, Millis now) {
    if (!looks_like_token(token)) return std::nullopt;
    auto link = store::find_link(tx, sha256(token), now);
    if (!link) return std::nullopt;
    return Redeemed{.person = link->person, .resets = link->resets};
}

void remove_factors(db::Tx& tx, PersonId person) {
    remove_totp(tx, person);
    store::delete_recovery_codes(tx, person);
    store::delete_passkeys(tx, person);
    store::delete_sessions_of(tx, person, SessionId{});
}

void remove_password(db::Tx& tx, PersonId person) { store::delete_password(tx, person); }

} // namespace preau::identity
