// Making, naming and listing items; changing their place is sharing/moving.hpp. Services of apps call these inside
// their transactions; each checks can() first and writes its event into the outbox.
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
std::optional<ItemId> space_of(db::Tx& tx, ItemId item); // the root of its tree, no rights asked

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
// One item to another folder, to the trash, and back; the rules stand in sharing/moving.hpp. For callers that hold what
// they need by themselves (the command line, tests): pages call change_places(), which takes the lanes.
Result<Item> move_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, ItemId to,
                       NewItem::IfTaken if_taken = NewItem::IfTaken::Refuse, std::int64_t revision = 0);
Result<Item> trash_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
Result<Item> restore_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId item);
void touch(db::Tx& tx, ItemId item, Millis now); // content changed: revision + 1, changed_at

// What holds others always stands before what does not, in either direction. Equal sizes and kinds follow by name.
struct ChildOrder {
    enum class By { Name, Changed, Size, Kind } by = By::Name;
    bool descending = false;
};
struct ChildKey { // where the last page ended; empty for the first
    std::string sort; // folders first, then French order
    ItemId id;
    std::int64_t number = 0; // changed_at or weight, where that is the order
    std::string ending; // where the kind is
};
struct ChildRow {
    ItemId id;
    std::string kind, title;
    PersonId owner;
    Millis changed_at = 0;
    std::int64_t revision = 1;
    std::string sort;
    std::int64_t weight = 0; // bytes, as the list orders by them
    std::string ending; // "odp"
    bool shared = false; // has grants of its own besides the maker's
    bool has_links = false;
    bool restricted = false;
};
PREAU_DESCRIBE(ChildRow, id, kind, title, owner, changed_at, revision, sort, weight, ending, shared, has_links,
               restricted)
ChildKey key_of(const ChildRow& row, ChildOrder order = {}); // of the page that ends with this row
// Items in a folder that the viewer may see; the caller has checked View on the folder; restricted children are left
// out unless the viewer's own grants reach them. Keyed pages, at most 501 a call.
std::vector<ChildRow> children(db::Tx& tx, const Viewer& viewer, ItemId folder, const ChildKey& after, int limit,
                               Millis now, ChildOrder order = {});
// How many children() lists in all; two or three queries.
std::int64_t count_children(db::Tx& tx, const Viewer& viewer, ItemId folder, Millis now);
// How large a thing is for the order of a list. The app says it whenever it changes the content's size; nobody shows
// it.
void set_weight(db::Tx& tx, ItemId item, std::int64_t bytes);
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
