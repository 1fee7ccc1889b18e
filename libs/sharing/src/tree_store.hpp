// SQL of the tree: single items, spaces, and the lists in listing_store.cpp.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing::store {

inline constexpr std::string_view trash_title = "/trash"; // no name of a person's item holds a slash

std::optional<Item> find_item(db::Tx& tx, ItemId item);
std::optional<ItemId> space_of(db::Tx& tx, ItemId item);
std::optional<ItemId> trash_of(db::Tx& tx, ItemId space);
bool name_taken(db::Tx& tx, ItemId parent, std::string_view title);
bool insert_item(db::Tx& tx, const Item& item); // false: the name is taken
bool rename(db::Tx& tx, ItemId item, std::string_view kind, std::string_view title, Millis now);
void raise(db::Tx& tx, ItemId item, int height); // at least so many levels are below it, and so on upwards
void set_weight(db::Tx& tx, ItemId item, std::int64_t bytes);
void touch(db::Tx& tx, ItemId item, Millis now);

std::optional<ItemId> find_personal_space(db::Tx& tx, PersonId person);
bool insert_personal_space(db::Tx& tx, PersonId person, ItemId space); // false: somebody was quicker

std::vector<Item> ancestors(db::Tx& tx, ItemId item);
// A superset of what the viewer may see: of restricted children only those whose own grants or the managers' grants of
// the space name one of these ids. The service confirms them.
struct ChildQuery {
    ItemId folder;
    ItemId space;
    std::span<const std::int64_t> subject_ids;
    ChildOrder order;
    bool holders = true; // those that hold others, or those that do not
    int limit = 0;
    Millis now = 0;
};
std::vector<ChildRow> children(db::Tx& tx, const ChildQuery& query, const ChildKey& after);
std::int64_t count_children(db::Tx& tx, ItemId folder); // restricted ones too
std::vector<std::int64_t> restricted_children(db::Tx& tx, ItemId folder);
std::vector<ChildRow> granted_to(db::Tx& tx, Subject subject, std::int64_t before, int limit, Millis now);
std::vector<std::string> titles_near(db::Tx& tx, ItemId folder, std::string_view sort);
std::vector<Item> trashed(db::Tx& tx, ItemId space, ItemId trash, Millis before_at, ItemId before, int limit);
struct Recent {
    ItemId id;
    Millis at = 0;
};
PREAU_DESCRIBE(Recent, id, at)
std::vector<Recent> recents_made(db::Tx& tx, PersonId owner, int limit);
std::vector<Recent> recents_done(db::Tx& tx, PersonId person, int limit);
// In no order. Alone: their space is left empty.
std::vector<Item> items_of(db::Tx& tx, std::span<const std::int64_t> items);
std::vector<Item> items_alone(db::Tx& tx, std::span<const std::int64_t> items);

} // namespace preau::sharing::store
