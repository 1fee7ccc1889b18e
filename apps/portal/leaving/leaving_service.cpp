#include "portal/leaving/leaving.hpp"

#include "portal/people/people_admin.hpp"

namespace preau::portal {

Result<Departed> depart(db::Tx& tx, Portal& portal, const Viewer& viewer, const Departure& departure,
                        const std::vector<ItemId>& held) {
    const auto now = portal.world.clock.now();
    const auto person = departure.person;
    const auto rights = TRY(require_rights(tx, viewer.person, now));
    if (person == viewer.person) return fail(Error::Kind::Conflict, "leaving.oneself");
    TRY(identity::require_command(tx, rights, person, now));
    if (departure.successor) {
        const auto successor = identity::find_person(tx, departure.successor);
        if (!successor || successor->disabled) return invalid("successor", "leaving.successor_closed");
    }
    Departed departed{.handed = TRY(sharing::hand_over(tx, portal.world, viewer,
                                                       {.leaver = person,
                                                        .successor = departure.successor,
                                                        .title = departure.title,
                                                        .end_links = departure.end_links},
                                                       held))};
    for (const auto& delegation : identity::delegations_of(tx, person, now)) {
        // Gone already with one that it rested on.
        if (!identity::find_delegation(tx, delegation.id)) continue;
        for (const auto& ended : TRY(identity::revoke_delegation(tx, rights, delegation.id, now))) {
            record_act(tx, portal, viewer,
                       {.kind = "admin.undelegated",
                        .person = ended.person,
                        .structure = ended.structure,
                        .role = ended.role});
            ++departed.delegations;
        }
    }
    TRY(identity::close_account(tx, rights, person, now));
    store::end_sessions(tx, person);
    record_act(tx, portal, viewer, {.kind = "person.left", .person = person});
    record_act(tx, portal, viewer, {.kind = "person.closed", .person = person});
    return departed;
}

} // namespace preau::portal
