// Rows of second factors, and what sessions have shown.
#pragma once

#include "identity/second_factor.hpp"

namespace preau::identity::store {

struct FactorCounts {
    std::int64_t password = 0;
    Millis totp_since = 0;
    Millis totp_used = 0;
    std::int64_t passkeys = 0;
    std::int64_t recovery_codes = 0;
};
PREAU_DESCRIBE(FactorCounts, password, totp_since, totp_used, passkeys, recovery_codes)
FactorCounts count_factors(db::Tx& tx, PersonId person);

std::optional<Proof> find_proof(db::Tx& tx, SessionId session);
void mark_proved(db::Tx& tx, SessionId session, Millis now);
void mark_second(db::Tx& tx, SessionId session, Millis now);

struct Totp {
    std::string secret; // sealed
    std::int64_t last_step = 0;
    Millis created_at = 0;
};
PREAU_DESCRIBE(Totp, secret, last_step, created_at)
std::optional<Totp> find_totp(db::Tx& tx, PersonId person, bool pending);
void put_pending_totp(db::Tx& tx, PersonId person, std::string_view sealed, Millis now);
bool delete_totp(db::Tx& tx, PersonId person, bool pending);
void confirm_totp(db::Tx& tx, PersonId person, std::int64_t step, Millis now); // the pending one becomes the one
bool advance_totp(db::Tx& tx, PersonId person, std::int64_t step, Millis now); // false: that step was used

void delete_recovery_codes(db::Tx& tx, PersonId person);
void insert_recovery_code(db::Tx& tx, PersonId person, std::string_view hash, Millis now);
bool delete_recovery_code(db::Tx& tx, PersonId person, std::string_view hash);

void insert_reset_link(db::Tx& tx, std::int64_t id, std::string_view hash, PersonId person, Millis expires_at);
struct Link {
    PersonId person;
    bool resets = false;
};
PREAU_DESCRIBE(Link, person, resets)
std::optional<Link> find_link(db::Tx& tx, std::string_view hash, Millis now);

void delete_passkeys(db::Tx& tx, PersonId person);
void delete_password(db::Tx& tx, PersonId person);

} // namespace preau::identity::store
