#include "portal/structures/structures.hpp"

#include <algorithm>

namespace preau::portal {

using enum identity::AdminRole;

Result<void> StructureActs::allow(db::Tx& tx, StructureId structure) const {
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    if (!identity::find_structure(tx, structure)) return not_found("identity.structure");
    if (!identity::may(tx, rights, Structures, structure)) return forbidden("admin.not_yours");
    return {};
}

void StructureActs::record(db::Tx& tx, std::string_view kind, StructureId structure, std::string role) const {
    record_act(tx, portal, viewer, {.kind = kind, .structure = structure, .role = std::move(role)});
}

Result<StructureId> StructureActs::create(db::Tx& tx, StructureId parent, const identity::StructureForm& form) const {
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    if (!identity::may(tx, rights, Structures, parent)) return forbidden("admin.not_yours");
    const auto made = TRY(identity::found_structure(tx, portal.world.ids, parent, form));
    record(tx, "structure.created", made.id);
    return made.id;
}

Result<void> StructureActs::change(db::Tx& tx, StructureId structure, const identity::StructureForm& form,
                                   const identity::StructureCard& card) const {
    TRY(allow(tx, structure));
    TRY(identity::change_structure(tx, structure, form));
    TRY(identity::set_card(tx, structure, card));
    record(tx, "structure.changed", structure);
    return {};
}

Result<void> StructureActs::move(db::Tx& tx, StructureId structure, StructureId parent) const {
    TRY(allow(tx, structure));
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    // Also from where it stands: who has a school alone cannot take it out of its académie.
    const auto found = identity::find_structure(tx, structure);
    if (!identity::may(tx, rights, Structures, parent) || !identity::may(tx, rights, Structures, found->parent))
        return forbidden("admin.not_yours");
    if (parent && identity::is_closed(tx, parent)) return fail(Error::Kind::Conflict, "identity.structure_closed");
    TRY(identity::move_structure(tx, structure, parent));
    record(tx, "structure.moved", structure);
    for (const auto& ended : identity::revoke_uncovered(tx, viewer.person, now))
        record_act(
            tx, portal, viewer,
            {.kind = "admin.undelegated", .person = ended.person, .structure = ended.structure, .role = ended.role});
    return {};
}

Result<void> StructureActs::close(db::Tx& tx, StructureId structure) const {
    TRY(allow(tx, structure));
    TRY(identity::close_structure(tx, structure, now));
    record(tx, "structure.closed", structure);
    return {};
}

Result<void> StructureActs::open(db::Tx& tx, StructureId structure) const {
    TRY(allow(tx, structure));
    TRY(identity::open_structure(tx, structure));
    record(tx, "structure.opened", structure);
    return {};
}

Result<void> StructureActs::set_service(db::Tx& tx, StructureId structure, std::string_view service, bool open) const {
    TRY(allow(tx, structure));
    const auto& known = identity::service_names();
    if (std::ranges::find(known, service) == known.end()) return invalid("service", "admin.nothing_chosen");
    identity::set_service(tx, structure, service, open);
    record(tx, open ? "structure.service_opened" : "structure.service_closed", structure, std::string{service});
    return {};
}

Result<void> StructureActs::add_domain(db::Tx& tx, StructureId structure, std::string_view domain) const {
    TRY(allow(tx, structure));
    TRY(identity::add_domain(tx, structure, domain));
    record(tx, "structure.changed", structure);
    return {};
}

Result<void> StructureActs::remove_domain(db::Tx& tx, StructureId structure, std::string_view domain) const {
    TRY(allow(tx, structure));
    if (!identity::remove_domain(tx, structure, domain)) return invalid("domain", "identity.domain_malformed");
    record(tx, "structure.changed", structure);
    return {};
}

Result<void> StructureActs::set_logo(db::Tx& tx, StructureId structure, std::string_view bytes) const {
    TRY(allow(tx, structure));
    if (bytes.empty())
        identity::remove_logo(tx, structure);
    else
        TRY(identity::set_logo(tx, structure, bytes));
    record(tx, "structure.changed", structure);
    return {};
}

Result<void> StructureActs::add_period(db::Tx& tx, StructureId structure, const identity::PeriodForm& form) const {
    TRY(allow(tx, structure));
    TRY(identity::add_period(tx, portal.world.ids, structure, form, now));
    record(tx, "structure.calendar_changed", structure);
    return {};
}

Result<void> StructureActs::remove_period(db::Tx& tx, StructureId structure, identity::PeriodId period) const {
    TRY(allow(tx, structure));
    TRY(identity::remove_period(tx, portal.world.ids, structure, period, now));
    record(tx, "structure.calendar_changed", structure);
    return {};
}

Result<void> StructureActs::set_calendar_zone(db::Tx& tx, StructureId structure, std::string_view zone) const {
    TRY(allow(tx, structure));
    TRY(identity::set_calendar_zone(tx, portal.world.ids, structure, zone, now));
    record(tx, "structure.calendar_changed", structure);
    return {};
}

Result<void> StructureActs::follow_calendar_above(db::Tx& tx, StructureId structure) const {
    TRY(allow(tx, structure));
    // Twice is once, and the second leaves no line in the journal.
    if (identity::follow_calendar_above(tx, structure)) record(tx, "structure.calendar_changed", structure);
    return {};
}

} // namespace preau::portal
