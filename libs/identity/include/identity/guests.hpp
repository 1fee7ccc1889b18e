// Guests: people with a sponsor and an end. They are invited by a member of staff, see what is shared with them and
// with groups that they are in, and nothing else: no directory, nothing that is for everyone signed in (docs/adr/0014).
// From their end on they are nobody: sessions, passwords and app passwords hold no longer, without a job having to run.
#pragma once

#include "identity/people.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::identity {

constexpr Millis guest_default = 90_days;
constexpr Millis guest_longest = 366_days;
constexpr Millis guest_link_lifetime = 7_days; // of the link that opens the account
constexpr Millis guest_warning = 14_days; // before the end, sponsor and guest are told

struct GuestPolicy {
    bool allowed = true;
    std::int64_t per_sponsor = 20;
};
GuestPolicy guest_policy(db::Tx& tx, StructureId structure); // its own, or the nearest above; one query
std::optional<GuestPolicy> own_guest_policy(db::Tx& tx, StructureId structure);
// Who leads the structure or administers it. Nothing: as the structure above. Errors: identity.structure,
// identity.guest_number.
bool may_set_guest_policy(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now);
Result<void> set_guest_policy(db::Tx& tx, const Viewer& viewer, StructureId structure,
                              const std::optional<GuestPolicy>& policy, Millis now);

struct GuestRow {
    PersonId person;
    std::string name, mail;
    Millis until_at = 0;
    Millis invited_at = 0;
    PersonId sponsor;
    std::string sponsor_name, sponsor_mail, sponsor_language;
    bool came = false; // has signed in, or has a password
};
PREAU_DESCRIBE(GuestRow, person, name, mail, until_at, invited_at, sponsor, sponsor_name, sponsor_mail,
               sponsor_language, came)

struct GuestForm {
    std::string name, mail;
    Millis until = 0;
};
// Called under the lane of the sponsor: their number is counted there. Errors: identity.guest_may_not (a guest, or
// somebody who works nowhere), identity.guests_off, identity.guests_enough (Conflict), identity.guest_until,
// identity.mail_taken, identity.mail_malformed, those of check_line for the name.
Result<GuestRow> invite_guest(db::Tx& tx, IdSource& ids, const Viewer& viewer, const GuestForm& form, Millis now);
// Their sponsor only. Errors: identity.guest (NotFound), identity.guest_until, identity.guests_off.
Result<GuestRow> prolong_guest(db::Tx& tx, const Viewer& viewer, PersonId guest, Millis until, Millis now);
// At once: also their sessions. Sponsor, or who leads the structure or administers its people. The caller lets Identity
// forget them.
Result<GuestRow> end_guest(db::Tx& tx, const Viewer& viewer, PersonId guest, Millis now);
std::optional<GuestRow> find_guest(db::Tx& tx, PersonId guest);
bool is_guest(db::Tx& tx, PersonId person);

// Of a sponsor, those who end first first; at most 200.
std::vector<GuestRow> guests_of(db::Tx& tx, PersonId sponsor);
// Whose end is near and whom nobody told: marks them told. At most `limit`.
std::vector<GuestRow> take_ending_guests(db::Tx& tx, Millis now, int limit);

} // namespace preau::identity
