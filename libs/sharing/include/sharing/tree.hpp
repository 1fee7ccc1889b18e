// Making, naming, moving, throwing away and restoring items. Services of apps call these inside their transactions;
// each checks can() first and writes its event into the outbox.
#pragma once

#include "base/secret.hpp"
#include "jobs/jobs.hpp"
#include "sharing/access.hpp"

namespace preau::sharing {

struct World { // what every service needs from outside
    const Clock& clock;
    IdSource& ids;
    Random& random;
    jobs::Jobs& jobs; // work for later, and the outbox
    // Identity::signing_key("link-seal"): seals the tokens of links so that their maker can copy them again.
    // make_gate() fills it in; the command line does it itself. Without it a new link's address is shown once and never
    // again.
    std::string link_seal = {};
};

std::optional<Item> find_item(db::Tx& tx, ItemId item); // no rights asked
std::optional<ItemId> space_of(db::Tx& tx, ItemId item); // lane of every write below it: lane_of(*space)

// The personal space of a person: made on first use with a Manage grant and its trash.
ItemId personal_space(db::Tx& tx, World& world, PersonId person, std::string_view title);
std::optional<ItemId> find_personal_space(db::Tx& tx, PersonId person);

struct NewItem {
    ItemId parent;
    std::string kind;
    std::string title; // checked with check_name
    bool restricted = false;
    enum class IfTaken { Refuse, Number } if_taken = IfTaken::Refuse; // Number: "x (2).odp"
};
// Errors: those of check_name, sharing.item, sharing.role, sharing.name_taken (Conflict), sharing.too_deep (above 64).
// `needed` is Edit for most; Deposit where a family hands something in.
Result<Item> create_item(db::Tx& tx, World& world, const Viewer& viewer, const NewItem& item,
                         Action needed = Action::Edit);
// Needs Edit on the item. `revision` 0: whatever it is now; else sharing.changed_meanwhile (Conflict) when it differs.
Result<Item> rename_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, std::string_view title,
                         std::int64_t revision = 0);
Result<Item> trash_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
// Back to where it stood, or to the root of the space if that is gone; numbered if the name is taken there.
// Asks first by name: the caller takes the lane of the folder that restored_to() names.
Result<Item> restore_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
ItemId restored_to(db::Tx& tx, const Item& trashed, Millis now); // no rights asked
void touch(db::Tx& tx, ItemId item, Millis now); // content changed: revision + 1, changed_at

struct ChildKey { // where the last page ended; empty for the first
    std::string sort; // folders first, then French order
    ItemId id;
};
struct ChildRow {
    ItemId id;
    std::string kind, title;
    PersonId owner;
    Millis changed_at = 0;
    std::string sort;
    bool shared = false; // has grants of its own besides the maker's
    bool has_links = false;
    bool restricted = false;
};
PREAU_DESCRIBE(ChildRow, id, kind, title, owner, changed_at, sort, shared, has_links, restricted)
// Items in a folder that the viewer may see; the caller has checked View on the folder; restricted children are left
// out unless the viewer's own grants reach them. Keyed pages, at most 500 a call.
std::vector<ChildRow> children(db::Tx& tx, const Viewer& viewer, ItemId folder, const ChildKey& after, int limit,
                               Millis now);
std::vector<Item> ancestors(db::Tx& tx, ItemId item); // root first, without the item itself
std::vector<Item> trashed(db::Tx& tx, ItemId space, ItemId before, int limit); // latest first, by key
// What was given to exactly this subject (the families of a class, a group), newest first; not what lies in the trash.
std::vector<ChildRow> items_granted_to(db::Tx& tx, Subject subject, int limit, Millis now);
// Names in the folder that differ from this one in case only: allowed, and worth a warning.
std::vector<std::string> names_alike(db::Tx& tx, ItemId folder, std::string_view title);
// Items that this person changed or made lately, in any app, newest first; only those still visible to them.
std::vector<Item> recent_items(db::Tx& tx, const Viewer& viewer, int limit, Millis now);

// One row of the outbox, in this transaction. Kinds: "item.created", "file.uploaded", …
void record_event(db::Tx& tx, World& world, const Viewer& viewer, std::string_view kind, ItemId item,
                  std::string_view detail = {});

std::vector<db::Migration> migrations(); // of `sharing`; the caller adds those of identity before them

} // namespace preau::sharing
