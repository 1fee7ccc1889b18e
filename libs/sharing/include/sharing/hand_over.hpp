// When somebody leaves: what they alone answered for goes to a successor. Nothing is copied and no address changes: the
// personal space becomes a team's space that the successor manages (one row whatever it holds), spaces of teams that
// nobody else manages get the successor, live links become the successor's or end, and what others had given to the
// leaver is taken back.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

struct Leaving {
    PersonId leaver;
    PersonId successor;
    std::string title; // of the space that the leaver's files become: "Espace de Nadia Petit"
    bool end_links = false; // else they live on and stand among the successor's
};
struct HandedOver {
    std::optional<ItemId> space; // nothing: the leaver had none, or nothing was in it
    int teams = 0; // spaces that nobody but the leaver managed
    int links = 0; // that changed hands, or ended
    int rights = 0; // that the leaver had, taken back
};
PREAU_DESCRIBE(HandedOver, space, teams, links, rights)

// The spaces whose lanes hand_over() needs; read before. Sorted.
std::vector<ItemId> places_of_leaving(db::Tx& tx, PersonId leaver);

// No rights asked: whether `by` may administer the leaver is the caller's question. The account stays as it is;
// closing it is identity::set_disabled(). Done twice, the second time finds nothing left. Writes item.handed_over on
// each space, and link.revoked for each link that ends. Errors: sharing.successor_same (Invalid, field `successor`),
// those of check_name (field `title`), sharing.moved_meanwhile (Conflict): other spaces by now, read them again.
Result<HandedOver> hand_over(db::Tx& tx, World& world, const Viewer& by, const Leaving& leaving,
                             const std::vector<ItemId>& held);

} // namespace preau::sharing
