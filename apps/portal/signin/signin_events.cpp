#include "portal/signin/signin.hpp"

#include "identity/account_meant.hpp"

namespace preau::portal {
namespace {

std::string_view kind_of(Passage passage) {
    switch (passage) {
    case Passage::Opened: return "session.opened";
    case Passage::OpenedOnce: return "session.opened_once";
    case Passage::Closed: return "session.closed";
    }
    return {};
}

} // namespace

void record_passage(db::Tx& tx, Portal& portal, PersonId person, Passage passage) {
    portal.world.jobs.record(
        tx, {.kind = std::string{kind_of(passage)}, .actor = person.value, .at = portal.world.clock.now()});
}

Task<void> note_passage(Portal& portal, PersonId person, Passage passage) {
    co_await portal.db.write(db::lane_of(person),
                             [&portal, person, passage](db::Tx& tx) { record_passage(tx, portal, person, passage); });
}

// Who tries is nobody yet: the account stands as whom it is about. An unknown name leaves the same kind of row, so that
// neither the journal nor the time of an answer tells more of one than of the other.
Task<void> note_refusal(Portal& portal, std::string login) {
    co_await portal.db.write(db::Lane{}, [&portal, login](db::Tx& tx) {
        auto meant = identity::account_meant(tx, login);
        portal.world.jobs.record(
            tx,
            {.kind = "session.refused",
             .detail = meant ? "{\"subject_kind\":\"person\",\"subject\":\"" + to_text(meant) + "\"}" : std::string{},
             .at = portal.world.clock.now()});
    });
}

} // namespace preau::portal
