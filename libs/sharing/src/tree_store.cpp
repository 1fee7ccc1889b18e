#include "tree_store.hpp"

#include "naming.hpp"

namespace preau::sharing::store {
namespace {

const db::Query space_of_sql{"sharing.space_of", R"(
    WITH RECURSIVE up (id, parent, depth) AS (
        SELECT i.id, i.parent, 0 FROM item i WHERE i.id = $1
        UNION ALL
        SELECT p.id, p.parent, u.depth + 1 FROM up u JOIN item p ON p.id = u.parent WHERE u.depth < 72)
    SELECT id FROM up WHERE parent = 0)"};

// Through item_by_name, as are the next two.
const db::Query trash_of_sql{"sharing.trash_of", R"(
    SELECT id FROM item WHERE parent = $1 AND title = '/trash' AND trashed_at IS NULL AND parent <> 0)"};

const db::Query name_taken_sql{"sharing.name_taken", R"(
    SELECT id FROM item WHERE parent = $1 AND title = $2 AND trashed_at IS NULL AND parent <> 0)"};

// One statement asks and inserts, so that two writers in different lanes cannot both find the name free: the second one
// waits at the unique index and then changes nothing.
const db::Query insert_item_sql{"sharing.insert_item", R"(
    INSERT INTO item (id, parent, kind, title, sort, ending, owner, restricted, revision, created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
    ON CONFLICT DO NOTHING)"};

const db::Query rename_sql{"sharing.rename", R"(
    UPDATE item SET title = $2, sort = $3, ending = $4, revision = revision + 1, changed_at = $5 WHERE id = $1)"};

// Raised and never lowered: what is gone leaves a bound that is too high, which costs a look at the tree when it
// matters.
const db::Query raise_sql{"sharing.raise", R"(
    WITH RECURSIVE up (id, parent, height) AS (
        SELECT i.id, i.parent, CAST($2 AS BIGINT) FROM item i WHERE i.id = $1
        UNION ALL
        SELECT p.id, p.parent, u.height + 1 FROM up u JOIN item p ON p.id = u.parent WHERE u.height < 72)
    UPDATE item SET height = up.height FROM up WHERE item.id = up.id AND item.height < up.height)"};

const db::Query set_weight_sql{"sharing.set_weight", "UPDATE item SET weight = $2 WHERE id = $1"};

const db::Query touch_sql{"sharing.touch", R"(
    UPDATE item SET revision = revision + 1, changed_at = $2 WHERE id = $1)"};

const db::Query find_personal_space_sql{"sharing.find_personal_space", R"(
    SELECT item FROM personal_space WHERE person = $1)"};

const db::Query insert_personal_space_sql{"sharing.insert_personal_space", R"(
    INSERT INTO personal_space (person, item) VALUES ($1, $2) ON CONFLICT DO NOTHING)"};

} // namespace

std::optional<Item> find_item(db::Tx& tx, ItemId item) {
    const std::int64_t id = item.value;
    auto found = items_of(tx, std::span{&id, 1});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}
std::optional<ItemId> space_of(db::Tx& tx, ItemId item) { return tx.one<ItemId>(space_of_sql, {item}); }
std::optional<ItemId> trash_of(db::Tx& tx, ItemId space) { return tx.one<ItemId>(trash_of_sql, {space}); }

bool name_taken(db::Tx& tx, ItemId parent, std::string_view title) {
    return tx.one<ItemId>(name_taken_sql, {parent, title}).has_value();
}

bool insert_item(db::Tx& tx, const Item& item) {
    return tx.execute(insert_item_sql,
                      {item.id, item.parent, item.kind, item.title, sort_of(item.kind, item.title),
                       ending_of(item.kind, item.title), item.owner, item.restricted, item.created_at}) == 1;
}

bool rename(db::Tx& tx, ItemId item, std::string_view kind, std::string_view title, Millis now) {
    return tx.execute(rename_sql, {item, title, sort_of(kind, title), ending_of(kind, title), now}) == 1;
}

void raise(db::Tx& tx, ItemId item, int height) { tx.execute(raise_sql, {item, height}); }
void set_weight(db::Tx& tx, ItemId item, std::int64_t bytes) { tx.execute(set_weight_sql, {item, bytes}); }

void touch(db::Tx& tx, ItemId item, Millis now) { tx.execute(touch_sql, {item, now}); }

std::optional<ItemId> find_personal_space(db::Tx& tx, PersonId person) {
    return tx.one<ItemId>(find_personal_space_sql, {person});
}

bool insert_personal_space(db::Tx& tx, PersonId person, ItemId space) {
    return tx.execute(insert_personal_space_sql, {person, space}) == 1;
}

} // namespace preau::sharing::store
