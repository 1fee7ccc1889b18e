#include "tree_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query find_item_sql{"sharing.find_item", R"(
    SELECT id, parent, space, kind, title, owner, restricted, revision, created_at, changed_at, trashed_at, trashed_from
      FROM item WHERE id = $1)"};

const db::Query space_of_sql{"sharing.space_of", "SELECT space FROM item WHERE id = $1"};

// Through item_by_name, as are the next two.
const db::Query trash_of_sql{"sharing.trash_of", R"(
    SELECT id FROM item WHERE parent = $1 AND title = '/trash' AND trashed_at IS NULL AND parent <> 0)"};

const db::Query name_taken_sql{"sharing.name_taken", R"(
    SELECT id FROM item WHERE parent = $1 AND title = $2 AND trashed_at IS NULL AND parent <> 0)"};

// One statement asks and inserts, so that two writers in different lanes cannot both find the name free: the second one
// waits at the unique index and then changes nothing.
const db::Query insert_item_sql{"sharing.insert_item", R"(
    INSERT INTO item (id, parent, space, kind, title, sort, owner, restricted, revision, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
    ON CONFLICT DO NOTHING)"};

const db::Query rename_sql{"sharing.rename", R"(
    UPDATE item SET title = $2, sort = $3, revision = revision + 1, changed_at = $4 WHERE id = $1)"};

const db::Query put_in_trash_sql{"sharing.put_in_trash", R"(
    UPDATE item SET trashed_from = parent, parent = $2, trashed_at = $3, revision = revision + 1
     WHERE id = $1 AND trashed_at IS NULL)"};

const db::Query take_out_of_trash_sql{"sharing.take_out_of_trash", R"(
    UPDATE item SET parent = $2, title = $3, sort = $4, trashed_at = NULL, trashed_from = NULL, revision = revision + 1,
           changed_at = $5
     WHERE id = $1 AND trashed_at IS NOT NULL)"};

const db::Query touch_sql{"sharing.touch", R"(
    UPDATE item SET revision = revision + 1, changed_at = $2 WHERE id = $1)"};

const db::Query find_personal_space_sql{"sharing.find_personal_space", R"(
    SELECT item FROM personal_space WHERE person = $1)"};

const db::Query insert_personal_space_sql{"sharing.insert_personal_space", R"(
    INSERT INTO personal_space (person, item) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

} // namespace

std::optional<Item> find_item(db::Tx& tx, ItemId item) { return tx.one<Item>(find_item_sql, {item}); }
std::optional<ItemId> space_of(db::Tx& tx, ItemId item) { return tx.one<ItemId>(space_of_sql, {item}); }
std::optional<ItemId> trash_of(db::Tx& tx, ItemId space) { return tx.one<ItemId>(trash_of_sql, {space}); }

bool name_taken(db::Tx& tx, ItemId parent, std::string_view title) {
    return tx.one<ItemId>(name_taken_sql, {parent, title}).has_value();
}

bool insert_item(db::Tx& tx, const Item& item, std::string_view sort) {
    return tx.execute(insert_item_sql, {item.id, item.parent, item.space, item.kind, item.title, sort, item.owner,
                                        item.restricted, item.created_at}) == 1;
}

bool rename(db::Tx& tx, ItemId item, std::string_view title, std::string_view sort, Millis now) {
    return tx.execute(rename_sql, {item, title, sort, now}) == 1;
}

bool put_in_trash(db::Tx& tx, ItemId item, ItemId trash, Millis now) {
    return tx.execute(put_in_trash_sql, {item, trash, now}) == 1;
}

bool take_out_of_trash(db::Tx& tx, ItemId item, ItemId parent, std::string_view title, std::string_view sort,
                       Millis now) {
    return tx.execute(take_out_of_trash_sql, {item, parent, title, sort, now}) == 1;
}

void touch(db::Tx& tx, ItemId item, Millis now) { tx.execute(touch_sql, {item, now}); }

std::optional<ItemId> find_personal_space(db::Tx& tx, PersonId person) {
    return tx.one<ItemId>(find_personal_space_sql, {person});
}

bool insert_personal_space(db::Tx& tx, PersonId person, ItemId space) {
    return tx.execute(insert_personal_space_sql, {person, space}) == 1;
}

} // namespace preau::sharing::store
