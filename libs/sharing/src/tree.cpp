#include "sharing/tree.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "naming.hpp"
#include "roots.hpp"
#include "tree_store.hpp"

namespace preau::sharing {
namespace {

// The item if the viewer may do that and it may be changed at all: not a root, not a trash, not in the trash.
Result<Item> changeable(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    auto standing = sharing::standing(tx, viewer, id, now);
    auto item = TRY(allow(standing, Action::Edit));
    if (!item.parent || item.kind == "trash") return forbidden("sharing.fixed");
    if (standing.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    return item;
}

// Inserts under the wanted name, or under the first free numbered one.
bool insert(db::Tx& tx, Item& item, NewItem::IfTaken if_taken) {
    if (store::insert_item(tx, item)) return true;
    if (if_taken == NewItem::IfTaken::Refuse) return false;
    const auto wanted = item.title;
    // The search may be overtaken by a writer of another lane: then search again, from what is there now.
    for (int round = 0; round < 8; ++round) {
        item.title = free_name(tx, item.parent, wanted);
        if (store::insert_item(tx, item)) return true;
    }
    return false;
}

} // namespace

std::optional<Item> find_item(db::Tx& tx, ItemId item) { return store::find_item(tx, item); }
std::optional<ItemId> space_of(db::Tx& tx, ItemId item) { return store::space_of(tx, item); }

Result<Item> create_item(db::Tx& tx, World& world, const Viewer& viewer, const NewItem& form, Action needed) {
    auto title = TRY(check_name(form.title));
    const auto now = world.clock.now();
    auto place = standing(tx, viewer, form.parent, now);
    auto parent = TRY(allow(place, needed));
    if (place.trashed || parent.kind == "trash") return fail(Error::Kind::Conflict, "sharing.trashed");
    if (place.depth >= deepest) return fail(Error::Kind::Invalid, "sharing.too_deep");
    Item item{.id = world.ids.next_as<ItemId>(),
              .parent = parent.id,
              .space = parent.space,
              .kind = form.kind,
              .title = std::move(title),
              .owner = viewer.person,
              .restricted = form.restricted,
              .created_at = now,
              .changed_at = now};
    if (!insert(tx, item, form.if_taken)) return name_taken(item.title);
    if (place.height == 0) store::raise(tx, parent.id, 1); // one level is there in all but the first
    record_event(tx, world, viewer, "item.created", item.id);
    return item;
}

Result<Item> rename_item(db::Tx& tx, World& world, const Viewer& viewer, ItemId id, std::string_view raw,
                         std::int64_t revision) {
    auto title = TRY(check_name(raw));
    const auto now = world.clock.now();
    auto item = TRY(changeable(tx, viewer, id, now));
    if (revision != 0 && revision != item.revision) return fail(Error::Kind::Conflict, "sharing.changed_meanwhile");
    if (title == item.title) return item;
    // Asked under the lane of the space. A writer in another lane would meet the unique index and fail as a whole.
    if (store::name_taken(tx, item.parent, title)) return name_taken(title);
    store::rename(tx, id, item.kind, title, now);
    record_event(tx, world, viewer, "item.renamed", id, item.title);
    item.title = std::move(title);
    item.revision += 1;
    item.changed_at = now;
    return item;
}

void touch(db::Tx& tx, ItemId item, Millis now) { store::touch(tx, item, now); }
void set_weight(db::Tx& tx, ItemId item, std::int64_t bytes) { store::set_weight(tx, item, bytes); }

std::optional<ItemId> find_personal_space(db::Tx& tx, PersonId person) {
    return store::find_personal_space(tx, person);
}

Item make_root(db::Tx& tx, World& world, ItemId id, std::string_view kind, std::string_view title, PersonId owner) {
    const auto now = world.clock.now();
    Item root{.id = id,
              .space = id,
              .kind = std::string{kind},
              .title = std::string{title},
              .owner = owner,
              .created_at = now,
              .changed_at = now};
    Item trash{.id = world.ids.next_as<ItemId>(),
               .parent = id,
               .space = id,
               .kind = "trash",
               .title = std::string{store::trash_title},
               .owner = owner,
               .restricted = true,
               .created_at = now,
               .changed_at = now};
    store::insert_item(tx, root);
    store::insert_item(tx, trash);
    return root;
}

ItemId personal_space(db::Tx& tx, World& world, PersonId person, std::string_view title) {
    if (auto found = find_personal_space(tx, person)) return *found;
    const auto id = world.ids.next_as<ItemId>();
    // First the row that only one can insert: two first visits at once must not make two spaces.
    if (!store::insert_personal_space(tx, person, id)) {
        auto made_meanwhile = find_personal_space(tx, person);
        PREAU_ASSERT(made_meanwhile.has_value());
        return *made_meanwhile;
    }
    make_root(tx, world, id, "space", title, person);
    Viewer maker{.kind = Viewer::Kind::Person, .person = person};
    set_grant(tx, world, maker,
              {.item = id,
               .subject_kind = Subject::Kind::Person,
               .subject = person.value,
               .role = Role::Manage,
               .given_by = person});
    return id;
}

} // namespace preau::sharing
