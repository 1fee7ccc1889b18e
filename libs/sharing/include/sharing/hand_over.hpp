// When somebody leaves: what they alone answered for goes to a successor, or stops. Nothing is copied and no address
// changes: the personal space becomes a team's space that the successor manages (one row whatever it holds), spaces of
// teams that nobody else manages get the successor, live links become the successor's or end, and what others had given
// to the leaver is taken back. Without a successor their spaces stay as they are, with the rights of the account, for
// whoever takes them over later; what people without an account could open of them is closed.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

struct Leaving {
    PersonId leaver;
    PersonId successor; // none: nobody takes over
    std::string title; // of the space that the leaver's files become: "Espace de Nadia Petit"
    bool end_links = false; // else they live on and stand among the successor's; without one they end
};
struct HandedOver {
    std::optional<ItemId> space; // nothing: the leaver had none, or nothing was in it
    int teams = 0; // spaces that nobody but the leaver managed
    int links = 0; // that changed hands, or ended
    int rights = 0; // that the leaver had, taken back
    int published = 0; // items that were shown to everybody and are not any more
};
PREAU_DESCRIBE(HandedOver, space, teams, links, rights, published)

// What there is to hand over, counted as far as 10,000 of each.
struct ToHandOver {
    bool space = false; // a personal space with something in it
    std::int64_t teams = 0; // spaces that nobody but the leaver manages
    std::int64_t links = 0; // that live
    std::int64_t published = 0; // items shown to everybody
};
PREAU_DESCRIBE(ToHandOver, space, teams, links, published)
ToHandOver to_hand_over(db::Tx& tx, PersonId leaver);

// The spaces whose lanes hand_over() needs; read before. Sorted.
std::vector<ItemId> places_of_leaving(db::Tx& tx, PersonId leaver);

// No rights asked: whether `by` may administer the leaver is the caller's question. The account stays as it is;
// closing it is identity::set_disabled(). Done twice, the second time finds nothing left. Writes item.handed_over on
// each space, and link.revoked for each link that ends. Errors: sharing.successor_same (Invalid, field `successor`),
// those of check_name (field `title`; not asked without a successor), sharing.moved_meanwhile (Conflict): other spaces
// by now, read them again.
Result<HandedOver> hand_over(db::Tx& tx, World& world, const Viewer& by, const Leaving& leaving,
                             const std::vector<ItemId>& held);

} // namespace preau::sharing
