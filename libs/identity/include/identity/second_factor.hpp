// What a person shows besides their password: a code of an application (TOTP, RFC 6238), one of ten recovery codes, or
// a passkey (passkeys.hpp). Rules as functions of a transaction; check_code() below is for who signs in.
#pragma once

#include "identity/sessions.hpp"

namespace preau::identity {

struct Factors { // what this person has
    bool password = false;
    Millis totp_since = 0; // 0: no application
    Millis totp_used = 0;
    std::int64_t passkeys = 0;
    std::int64_t recovery_codes = 0; // that are left
    bool second() const { return totp_since != 0 || passkeys != 0; }
    // What brings one back in when the first passkey is lost and nothing else is at hand: another passkey, the codes on
    // paper. Two of them before a password may go (a lost key and a lost phone on the same day).
    int rungs() const { return (passkeys > 1 ? 1 : 0) + (recovery_codes > 0 ? 1 : 0); }
};
Factors factors_of(db::Tx& tx, PersonId person);

// What a session has shown so far.
struct Proof {
    Millis proved_at = 0; // the person, by password or passkey
    Millis second_at = 0; // a second factor; 0: none
};
PREAU_DESCRIBE(Proof, proved_at, second_at)
inline constexpr Millis proof_lifetime = 15_min; // for sensitive acts
inline constexpr Millis second_lifetime = 12_h; // for administrators, and for sensitive acts of who has one
Proof proof_of(db::Tx& tx, SessionId session);
void note_proof(db::Tx& tx, SessionId session, Millis now, bool second);
bool is_fresh(const Proof& proof, const Factors& factors, Millis now); // enough for a sensitive act
bool second_shown(const Proof& proof, Millis now); // enough for /admin

// An authenticator application: shown, then confirmed by a first code. Until then nothing changes.
std::string begin_totp(db::Tx& tx, const Identity& identity, Random& random, PersonId person, Millis now);
std::optional<std::string> pending_totp(db::Tx& tx, const Identity& identity, PersonId person, Millis now);
std::string totp_words(std::string_view secret); // base 32 in groups of four, to type
// otpauth://totp/…: what the QR code says. `site` is the host that people know.
std::string totp_address(std::string_view secret, std::string_view site, std::string_view login);
// Errors: identity.code_wrong on field "code", identity.totp_expired (Gone): begin again.
Result<void> confirm_totp(db::Tx& tx, const Identity& identity, PersonId person, std::string_view code, Millis now);
bool remove_totp(db::Tx& tx, PersonId person);
// 30 s, one step to either side, each step once. Errors: identity.code_wrong, identity.code_used.
Result<void> use_totp(db::Tx& tx, const Identity& identity, PersonId person, std::string_view code, Millis now);

// Ten, of 120 bits, shown once; those before are void.
inline constexpr int recovery_codes_at_once = 10;
std::vector<std::string> make_recovery_codes(db::Tx& tx, Random& random, PersonId person, Millis now);
Result<void> use_recovery_code(db::Tx& tx, PersonId person, std::string_view typed); // identity.code_wrong
bool looks_like_recovery_code(std::string_view typed);

// A code of either kind, throttled per account as passwords are, and spent. Errors: identity.code_wrong, …code_used,
// …too_many_tries.
enum class CodeKind { Totp, Recovery };
struct CodeTry {
    PersonId person;
    std::string login, code, peer;
};
Task<Result<CodeKind>> check_code(db::Database& db, Identity& identity, const Clock& clock, CodeTry given);
// Who has no password and lost their keys signs in with a recovery code: login, code. Who has a password does not.
Task<Result<PersonId>> check_recovery(db::Database& db, Identity& identity, std::string login, std::string code,
                                      std::string peer);

// A lost key and a lost phone on the same day, and the codes too: an administrator starts a reset, and only starts it.
// The link goes by mail to the person; opened, it takes all second factors away and ends all sessions.
std::string make_reset_link(db::Tx& tx, IdSource& ids, Random& random, PersonId person, Millis now);
inline constexpr Millis reset_lifetime = 24_h;
struct Redeemed {
    PersonId person;
    bool resets = false;
};
// A link of the command line (15 minutes) or of a reset (a day), once. Errors: identity.link_used (Gone).
// `also` runs in the same transaction: what is journaled is done, and what is done is journaled.
Task<Result<Redeemed>> redeem_link(db::Database& db, const Clock& clock, std::string token,
                                   std::function<void(db::Tx&, const Redeemed&)> also = {});
std::optional<Redeemed> find_link(db::Tx& tx, std::string_view token, Millis now); // without using it
void remove_factors(db::Tx& tx, PersonId person); // all second factors and sessions; the password stays
void remove_password(db::Tx& tx, PersonId person);

} // namespace preau::identity
