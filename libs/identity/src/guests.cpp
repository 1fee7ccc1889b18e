// Rules of guests.
#include "identity/guests.hpp"

#include "directory_words.hpp"
#include "guest_store.hpp"
#include "person_store.hpp"
#include "session_store.hpp"

#include "identity/administration.hpp"
#include "identity/leading.hpp"

namespace preau::identity {
namespace {

constexpr int most_listed = 200;

Result<GuestRow> sponsored(db::Tx& tx, const Viewer& viewer, PersonId guest) {
    auto row = store::find_guest(tx, guest);
    if (!row || !viewer.is_person() || row->sponsor != viewer.person) return not_found("identity.guest");
    return *row;
}

// Whoever leads it or a structure above, or administers it in this role.
bool answers_for(db::Tx& tx, const Viewer& viewer, AdminRole role, StructureId structure, Millis now) {
    if (!viewer.is_person()) return false;
    return leads(tx, viewer.person, structure) || may(tx, rights_of(tx, viewer.person, now), role, structure);
}

Result<void> check_until(Millis until, Millis now) {
    if (until <= now || until > now + guest_longest) return invalid("until", "identity.guest_until");
    return {};
}

} // namespace

GuestPolicy guest_policy(db::Tx& tx, StructureId structure) {
    const auto row = store::nearest_guest_policy(tx, structure);
    return row ? GuestPolicy{.allowed = row->allowed, .per_sponsor = row->per_sponsor} : GuestPolicy{};
}

std::optional<GuestPolicy> own_guest_policy(db::Tx& tx, StructureId structure) {
    const auto row = store::own_guest_policy(tx, structure);
    if (!row) return std::nullopt;
    return GuestPolicy{.allowed = row->allowed, .per_sponsor = row->per_sponsor};
}

bool may_set_guest_policy(db::Tx& tx, const Viewer& viewer, StructureId structure, Millis now) {
    return answers_for(tx, viewer, AdminRole::Structures, structure, now);
}

Result<void> set_guest_policy(db::Tx& tx, const Viewer& viewer, StructureId structure,
                              const std::optional<GuestPolicy>& policy, Millis now) {
    if (!may_set_guest_policy(tx, viewer, structure, now) || !find_structure(tx, structure))
        return not_found("identity.structure");
    if (!policy) {
        store::delete_guest_policy(tx, structure);
        return {};
    }
    if (policy->per_sponsor < 1 || policy->per_sponsor > 500) return invalid("per_sponsor", "identity.guest_number");
    store::put_guest_policy(tx, structure, *policy);
    return {};
}

Result<GuestRow> invite_guest(db::Tx& tx, IdSource& ids, const Viewer& viewer, const GuestForm& form, Millis now) {
    const auto structure = main_structure(tx, viewer.person);
    if (!viewer.is_person() || viewer.guest || !structure) return forbidden("identity.guest_may_not");
    const auto policy = guest_policy(tx, structure);
    if (!policy.allowed) return forbidden("identity.guests_off");
    TRY(check_until(form.until, now));
    if (form.mail.find('@') == std::string::npos) return invalid("mail", "identity.mail_malformed");
    if (store::count_guests(tx, viewer.person, now, policy.per_sponsor) >= policy.per_sponsor) {
        auto error = fail(Error::Kind::Conflict, "identity.guests_enough");
        error.error().values = {{"limit", std::to_string(policy.per_sponsor)}};
        return error;
    }
    // They sign in by their address; the login is what nobody has to remember.
    const auto login = "invite-" + to_base32(ids.next());
    const auto person = TRY(create_person(tx, ids, now, {.login = login, .name = form.name, .mail = form.mail}));
    leave_directory(tx, subject(person.id)); // entered again below, as a guest
    store::set_guest_until(tx, person.id, form.until);
    store::set_main_structure(tx, person.id, structure);
    store::insert_guest(tx, person.id, viewer.person, structure, now);
    enter_person(tx, person.id, person.name);
    return store::find_guest(tx, person.id).value();
}

Result<GuestRow> prolong_guest(db::Tx& tx, const Viewer& viewer, PersonId guest, Millis until, Millis now) {
    TRY(sponsored(tx, viewer, guest));
    TRY(check_until(until, now));
    if (!guest_policy(tx, store::guest_structure(tx, guest)).allowed) return forbidden("identity.guests_off");
    store::set_guest_until(tx, guest, until);
    return store::find_guest(tx, guest).value();
}

Result<GuestRow> end_guest(db::Tx& tx, const Viewer& viewer, PersonId guest, Millis now) {
    auto row = store::find_guest(tx, guest);
    const bool mine = row && viewer.is_person() && row->sponsor == viewer.person;
    if (!row || (!mine && !answers_for(tx, viewer, AdminRole::People, store::guest_structure(tx, guest), now)))
        return not_found("identity.guest");
    if (row->until_at > now) store::set_guest_until(tx, guest, now);
    store::delete_sessions_of(tx, guest, SessionId{});
    row->until_at = std::min(row->until_at, now);
    return *row;
}

std::optional<GuestRow> find_guest(db::Tx& tx, PersonId guest) { return store::find_guest(tx, guest); }
bool is_guest(db::Tx& tx, PersonId person) { return static_cast<bool>(store::guest_structure(tx, person)); }
std::vector<GuestRow> guests_of(db::Tx& tx, PersonId sponsor) { return store::guests_of(tx, sponsor, most_listed); }

std::vector<GuestRow> take_ending_guests(db::Tx& tx, Millis now, int limit) {
    auto rows = store::ending_guests(tx, now, now + guest_warning, limit);
    for (const auto& row : rows) store::mark_told(tx, row.person, row.until_at);
    return rows;
}

} // namespace preau::identity
