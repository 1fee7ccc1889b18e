#include "portal/people/people_admin.hpp"

#include "base/text.hpp"
#include "identity/structure_detail.hpp"
#include "portal/profile/person_picture.hpp"
#include "portal/signin/reset.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using enum identity::AdminRole;

Result<identity::Rights> rights_in(db::Tx& tx, const PersonActs& acts) {
    return require_rights(tx, acts.viewer.person, acts.now);
}

Result<void> require_people(db::Tx& tx, const identity::Rights& rights, StructureId structure) {
    if (!identity::may(tx, rights, People, structure)) return forbidden("admin.not_yours");
    return {};
}

} // namespace

Result<PersonActs::Created> PersonActs::create(db::Tx& tx, const identity::NewPerson& form,
                                               const identity::NewFunction& first) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(require_people(tx, rights, first.structure));
    // An account of a delegate always has a function, or nobody but an administrator of all could ever help it.
    if (first.structure == StructureId{} && !rights.everything) return invalid("structure", "admin.structure_unknown");
    const auto made = TRY(identity::create_person(tx, portal.world.ids, now, form));
    record_act(tx, portal, viewer, {.kind = "person.created", .person = made.id});
    if (first.structure) {
        auto function = first;
        function.person = made.id;
        TRY(give_function(tx, function));
    }
    return Created{made.id, identity::make_one_time_link(tx, portal.world.ids, portal.world.random, made.id, now)};
}

Result<identity::Attachment> PersonActs::give_function(db::Tx& tx, const identity::NewFunction& form) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(require_people(tx, rights, form.structure));
    const auto person = identity::find_person(tx, form.person);
    if (!person || person->disabled) return not_found("identity.person");
    auto function = form;
    function.given_by = viewer.person;
    auto given = TRY(identity::give_function(tx, function, now));
    record_act(tx, portal, viewer,
               {.kind = "person.function_given",
                .person = given.person,
                .structure = given.structure,
                .role = given.function,
                .until = given.until_at});
    return given;
}

Result<identity::Attachment> PersonActs::end_function(db::Tx& tx, const identity::Attachment& which,
                                                      std::optional<Millis> until) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(require_people(tx, rights, which.structure));
    auto ended = TRY(identity::set_function_end(tx, which, until, now));
    record_act(tx, portal, viewer,
               {.kind = "person.function_ended",
                .person = ended.person,
                .structure = ended.structure,
                .role = ended.function,
                .until = ended.until_at});
    return ended;
}

Result<void> PersonActs::close(db::Tx& tx, PersonId person) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(identity::close_account(tx, rights, person, now));
    record_act(tx, portal, viewer, {.kind = "person.closed", .person = person});
    return {};
}

Result<void> PersonActs::open(db::Tx& tx, PersonId person) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(identity::open_account(tx, rights, person, now));
    record_act(tx, portal, viewer, {.kind = "person.opened", .person = person});
    return {};
}

Result<std::string> PersonActs::make_link(db::Tx& tx, PersonId id) const {
    const auto rights = TRY(rights_in(tx, *this));
    const auto person = TRY(identity::require_command(tx, rights, id, now));
    if (person.disabled) return not_found("identity.person");
    record_act(tx, portal, viewer, {.kind = "person.link_made", .person = id});
    return identity::make_one_time_link(tx, portal.world.ids, portal.world.random, id, now);
}

Result<void> PersonActs::end_sessions(db::Tx& tx, PersonId person) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(identity::require_command(tx, rights, person, now));
    store::end_sessions(tx, person);
    record_act(tx, portal, viewer, {.kind = "person.sessions_ended", .person = person});
    return {};
}

Result<void> PersonActs::reset_factors(db::Tx& tx, PersonId person) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(identity::require_command(tx, rights, person, now));
    TRY(start_reset(tx, {portal.world, portal.pages, portal.mail, portal.public_url}, viewer, person)); // journals it
    return {};
}

// Whoever administers people where this one works, not only who could close the account: a picture that offends a class
// must not wait for the académie.
Result<void> PersonActs::remove_picture(db::Tx& tx, PersonId person) const {
    const auto rights = TRY(rights_in(tx, *this));
    if (!identity::find_person(tx, person)) return not_found("identity.person");
    if (!identity::reaches(tx, rights, People, person)) return forbidden("identity.not_within_reach");
    if (!drop_picture(tx, person)) return not_found("portal.picture_gone");
    record_act(tx, portal, viewer, {.kind = "person.picture_removed", .person = person});
    return {};
}

Result<void> PersonActs::set_quota(db::Tx& tx, PersonId person, std::optional<std::int64_t> bytes) const {
    const auto rights = TRY(rights_in(tx, *this));
    TRY(identity::require_command(tx, rights, person, now));
    const auto space = portal.spaces.of_person ? portal.spaces.of_person(tx, person) : std::nullopt;
    if (!space) return not_found("admin.no_space");
    if (bytes && *bytes < 0) return invalid("quota", "admin.quota_malformed");
    portal.spaces.set_limit(tx, space->id, bytes);
    sharing::record_event(tx, portal.world, viewer, "space.quota", space->id, bytes ? std::to_string(*bytes) : "");
    return {};
}

Result<void> PersonActs::set_administrator(db::Tx& tx, PersonId person, bool on) const {
    const auto rights = TRY(rights_in(tx, *this));
    const auto ended = TRY(identity::set_administrator(tx, rights, person, on, now));
    record_act(tx, portal, viewer,
               {.kind = on ? "person.administrator_made" : "person.administrator_removed", .person = person});
    for (const auto& one : ended)
        record_act(tx, portal, viewer,
                   {.kind = "admin.undelegated", .person = one.person, .structure = one.structure, .role = one.role});
    return {};
}

Result<StructureId> structure_typed(db::Tx& tx, const identity::Rights& rights, std::string_view typed) {
    const auto roots = roots_of(rights);
    const auto text = trimmed(typed);
    if (auto id = parse_id<StructureId>(text); id && identity::find_structure(tx, *id)) return *id;
    const auto found = identity::search_structures(tx, text, roots, {}, 20).rows;
    if (found.empty()) return invalid("structure", "admin.structure_unknown");
    if (found.size() == 1) return found[0].id;
    const auto exact = std::ranges::count(found, text, &identity::StructureRow::name);
    if (exact != 1) return invalid("structure", "admin.structure_ambiguous");
    return std::ranges::find(found, text, &identity::StructureRow::name)->id;
}

Result<PersonId> person_typed(db::Tx& tx, std::string_view typed) {
    const auto text = to_lower_ascii(trimmed(typed));
    if (auto person = identity::find_person_by_login(tx, text)) return person->id;
    if (auto person = store::person_of_mail(tx, text)) return person;
    return fail(Error::Kind::Invalid, "identity.person", "login");
}

} // namespace preau::portal
