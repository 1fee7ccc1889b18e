// What waits for the database and counts tries: a code after the password, a recovery code instead of one, a link.
#include "identity/second_factor.hpp"

#include "base/text.hpp"
#include "person_store.hpp"

namespace preau::identity {
namespace {

std::unexpected<Error> throttled(int seconds) {
    Error error{.kind = Error::Kind::Throttled, .key = "identity.too_many_tries"};
    error.values = {{"seconds", std::to_string(seconds)}};
    error.retry_after = seconds;
    return std::unexpected(std::move(error));
}

// Not the password's own counter: who knows the password must not have it forgiven by guessing at codes, and the
// reverse.
std::string codes_of(std::string_view login) { return "code " + std::string{login}; }

// One try, counted in advance; a database that fails in between is nobody's mistake.
struct Attempt {
    Throttle& throttle;
    std::string account, peer;
    Throttle::Outcome outcome = Throttle::Outcome::Undecided;
    ~Attempt() { throttle.leave(account, peer, outcome); }
    void settle(bool right) { outcome = right ? Throttle::Outcome::Right : Throttle::Outcome::Wrong; }
};

Result<CodeKind> spend(db::Tx& tx, const Identity& identity, const CodeTry& given, Millis now) {
    if (looks_like_recovery_code(given.code)) {
        TRY(use_recovery_code(tx, given.person, given.code));
        return CodeKind::Recovery;
    }
    TRY(use_totp(tx, identity, given.person, given.code, now));
    return CodeKind::Totp;
}

Result<PersonId> spend_instead(db::Tx& tx, const std::string& login, const std::string& code) {
    const auto wrong = fail(Error::Kind::Unauthenticated, "identity.recovery_wrong");
    constexpr Millis whenever = 0; // a guest past their end: no session of theirs holds, so nobody comes in by this
    auto account = store::find_account(tx, login, whenever);
    if (!account || account->disabled || !account->phc.empty()) return wrong;
    if (!use_recovery_code(tx, account->person, code)) return wrong;
    return account->person;
}

Result<Redeemed> redeem(db::Tx& tx, const std::string& token, Millis now) {
    auto link = find_link(tx, token, now);
    // Two browsers may open it at once: the row that changes decides, not the one that was read.
    if (!link || !store::use_one_time_link(tx, sha256(token), now))
        return fail(Error::Kind::Gone, "identity.link_used");
    if (link->resets) remove_factors(tx, link->person);
    return *link;
}

} // namespace

Task<Result<CodeKind>> check_code(db::Database& db, Identity& identity, const Clock& clock, CodeTry given) {
    const auto account = codes_of(given.login);
    if (auto seconds = identity.throttle().enter(account, given.peer)) co_return throttled(*seconds);
    Attempt attempt{identity.throttle(), account, given.peer};
    auto* who = &identity;
    auto now = clock.now();
    auto kind = co_await db.write(db::lane_of(given.person),
                                  [who, given, now](db::Tx& tx) { return spend(tx, *who, given, now); });
    attempt.settle(kind.has_value());
    co_return kind;
}

Task<Result<PersonId>> check_recovery(db::Database& db, Identity& identity, std::string login, std::string code,
                                      std::string peer) {
    constexpr std::size_t longest = 254;
    auto typed = to_lower_ascii(trimmed(login));
    if (typed.empty() || typed.size() > longest || !valid_utf8(typed)) typed = "?";
    const auto account = codes_of(typed);
    if (auto seconds = identity.throttle().enter(account, peer)) co_return throttled(*seconds);
    Attempt attempt{identity.throttle(), account, peer};
    auto person = co_await db.write(db::Lane{std::hash<std::string>{}(typed)},
                                    [typed, code](db::Tx& tx) { return spend_instead(tx, typed, code); });
    attempt.settle(person.has_value());
    co_return person;
}

Task<Result<Redeemed>> redeem_link(db::Database& db, const Clock& clock, std::string token,
                                   std::function<void(db::Tx&, const Redeemed&)> also) {
    auto now = clock.now();
    const db::Lane lane{std::hash<std::string>{}(token)};
    co_return co_await db.write(lane, [token, now, also = std::move(also)](db::Tx& tx) -> Result<Redeemed> {
        auto link = TRY(redeem(tx, token, now));
        if (also) also(tx, link);
        return link;
    });
}

} // namespace preau::identity
