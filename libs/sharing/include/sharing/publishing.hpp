// Showing an item to the whole world. Every app's "Public" goes through publish(): the structure that the owner belongs
// to decides whether it may be (free), must be asked for (approved) or cannot be (off). A share link is not public.
//
// The nearest setting up the tree of structures counts; without any it is "approved" (docs/adr/0009).
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

enum class Policy { Free, Approved, Off };
std::string_view word_of(Policy policy); // "free", "approved", "off"
std::optional<Policy> policy_named(std::string_view word);

struct PolicySetting {
    Policy policy = Policy::Approved;
    StructureId from; // whose setting counts; none: nobody set any
};
PolicySetting policy_of(db::Tx& tx, StructureId structure);
// Nothing: follow the structure above. For who leads it and for administrators; event structure.policy_changed has the
// structure as item. What is public already stays so: the policy is about what comes.
// Errors: publishing.structure (NotFound) for everybody else.
Result<void> set_policy(db::Tx& tx, World& world, const Viewer& viewer, StructureId structure,
                        std::optional<Policy> policy);

// Which structure answers for an item: the main one of its owner, or of the owner of its space for what families
// handed in; none when they belong nowhere.
StructureId structure_of(db::Tx& tx, const Item& item);

using PublicationId = Id<struct PublicationTag>;
struct Publication {
    PublicationId id;
    ItemId item;
    StructureId structure;
    PersonId asked_by;
    Millis asked_at = 0;
    std::optional<Millis> until;
    std::string state; // "waiting", "approved", "refused", "withdrawn"
    PersonId decided_by;
    std::optional<Millis> decided_at;
    std::string reason;
};
PREAU_DESCRIBE(Publication, id, item, structure, asked_by, asked_at, until, state, decided_by, decided_at, reason)

// Needs Manage. Published: everybody may view it from now on. Waiting: the request stands in the queue of who leads the
// structure (also when it stood there already). Refused: the structure shows nothing to the world. Who may approve does
// not ask themselves. Errors: sharing.item, sharing.role, sharing.trashed (Conflict), link.until_past,
// publishing.suspended (Conflict).
// Events: publishing.approved or publishing.requested.
enum class Publishing { Published, Waiting, Refused };
Result<Publishing> publish(db::Tx& tx, World& world, const Viewer& viewer, ItemId item,
                           std::optional<Millis> until = {});
// Takes a waiting request back: who asked, or who manages the item. Nothing waits: nothing happens.
// Event publishing.withdrawn.
Result<void> withdraw_publication(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
// The latest request of an item; no rights asked.
std::optional<Publication> last_publication(db::Tx& tx, ItemId item);
bool is_public(db::Tx& tx, ItemId item, Millis now); // by a grant of its own or from above

// The queue. Only who leads the structure (or one above) meets a request there: to everybody else it does not exist,
// publishing.request (NotFound). Administrators answer for items that belong to no structure.
std::vector<Publication> publications_waiting_for(db::Tx& tx, const Viewer& viewer, PublicationId after, int limit);
// Lets the approver look at the item for an hour: a grant that ends with the decision if not before. Answers the item.
// Event publishing.looked.
Result<Item> look_at_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id);
// `revision` is that of the item which the approver saw: another one is publishing.changed (Conflict), 0 does not ask.
// Who asked must still manage the item, else the request is void: publishing.void (Conflict).
Result<void> approve_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id,
                                 std::int64_t revision);
// `reason`: 1 to 1,000 characters, shown to who asked.
Result<void> refuse_publication(db::Tx& tx, World& world, const Viewer& viewer, PublicationId id,
                                std::string_view reason);
// Refusals of the last two weeks, for the home page of who asked.
std::vector<Publication> refused_lately(db::Tx& tx, PersonId asked_by, Millis now);

} // namespace preau::sharing
