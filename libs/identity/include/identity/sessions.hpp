// Signing in and staying signed in. Sessions are 256 random bits of which only the SHA-256 is stored; methods of
// signing in are a list, each a row and a function.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "db/database.hpp"
#include "identity/password_pool.hpp"
#include "identity/sign_in_method.hpp"
#include "identity/throttle.hpp"
#include "identity/viewer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preau::identity {

inline constexpr Millis session_idle = 12_h;
inline constexpr Millis session_lifetime = 7_days;

struct SessionRow {
    SessionId id;
    PersonId person;
    Millis created_at = 0;
    Millis seen_at = 0; // written at most every 5 minutes
    std::string device; // "Firefox, Linux", from User-Agent
    std::string network; // "192.0.2.0/24"
};
PREAU_DESCRIBE(SessionRow, id, person, created_at, seen_at, device, network)

struct NewSession {
    std::string token; // goes into the cookie, never into the log
    SessionId id;
};

// Who signs in, on what, and what was shown.
struct SignIn {
    PersonId person;
    std::string device; // "Firefox, Linux"
    std::string peer;
    std::string replaced; // the token in the browser's cookie: that session ends with it
    bool second = false;  // a second factor was shown too
    // In the same transaction, before the session is made: spends what was shown. An error leaves no session. Pure but
    // for `tx`.
    std::function<Result<void>(db::Tx&)> spend;
};

// Resolved anew, without the cache: for signed addresses and jobs. Nothing: unknown, disabled, or the session is over.
std::optional<Viewer> find_viewer(db::Tx& tx, PersonId person);
std::optional<Viewer> find_viewer(db::Tx& tx, SessionId session, Millis now);

std::string describe_device(std::string_view user_agent); // "Firefox, Linux"; empty when it says nothing known

// What the sign-in path and the gate share: one per server. Must not outlive the database.
class Identity {
public:
    // Blocks for the server's secret: made at start-up. `passwords` is weaker in tests only.
    Identity(db::Database& db, const Clock& clock, IdSource& ids, Random& random, PasswordPool::Options passwords = {});
    ~Identity(); // waits for writes that run beside requests

    // Signs in by login or mail address and password. Same time and same error for unknown accounts.
    // Errors: identity.wrong_password (Unauthenticated), identity.too_many_tries (Throttled), identity.busy
    // (Unavailable).
    Task<Result<PersonId>> check_password(std::string login, std::string password, std::string peer);
    // HTTP Basic with an app password (160 random bits, so no argon2: SHA-256 and one indexed lookup).
    Task<std::optional<Viewer>> viewer_of_app_password(std::string login, std::string secret, std::string peer);

    // Rotation: a new one at each sign-in; the session of `replaced` ends with it. Errors: those of `spend`.
    Task<Result<NewSession>> start_session(SignIn sign_in);
    Task<NewSession> start_session(PersonId person, std::string device, std::string peer, std::string replaced = {});
    Task<Viewer> viewer_of_session(std::string token); // a stranger when unknown, expired or revoked; cached ≤ 1 s
    Task<void> end_session(PersonId person, SessionId session);
    Task<void> end_other_sessions(PersonId person, SessionId kept);
    std::vector<SessionRow> sessions(db::Tx& tx, PersonId person) const; // those that still hold, latest first
    // Drops what is remembered of this person's viewers, after their rights, groups or account changed in this process;
    // other processes notice within a second.
    void forget(PersonId person);
    void forget_all();

    // Ways to sign in, in the order of the page; "password" is there from the start.
    const std::vector<SignInMethod>& methods() const;
    void add_method(SignInMethod method); // at start-up only

    PasswordPool& passwords();
    Throttle& throttle();
    // 32 bytes made on first start and kept in the database (`server_secret`), for signatures; `purpose` separates
    // keys.
    std::string signing_key(std::string_view purpose) const;

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::identity
