#include "favourite_store.hpp"

namespace preau::sharing::store {
namespace {

const db::Query put_favourite_sql{"sharing.put_favourite", R"(
    INSERT INTO favourite (person, item, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)"};

const db::Query delete_favourite_sql{"sharing.delete_favourite", R"(
    DELETE FROM favourite WHERE person = $1 AND item = $2)"};

const db::Query find_favourite_sql{"sharing.find_favourite", R"(
    SELECT item, at FROM favourite WHERE person = $1 AND item = $2)"};

const db::Query favourites_sql{"sharing.favourites", R"(
    SELECT item, at FROM favourite WHERE person = $1 AND (at, item) < ($2, $3)
     ORDER BY at DESC, item DESC LIMIT $4)"};

const db::Query favourites_among_sql{"sharing.favourites_among", R"(
    SELECT item FROM favourite WHERE person = $1 AND item $IDS(2))"};

} // namespace

void put_favourite(db::Tx& tx, PersonId person, ItemId item, Millis now) {
    tx.execute(put_favourite_sql, {person, item, now});
}

void delete_favourite(db::Tx& tx, PersonId person, ItemId item) { tx.execute(delete_favourite_sql, {person, item}); }

std::optional<FavouriteRow> find_favourite(db::Tx& tx, PersonId person, ItemId item) {
    return tx.one<FavouriteRow>(find_favourite_sql, {person, item});
}

std::vector<FavouriteRow> favourites(db::Tx& tx, PersonId person, Millis before_at, ItemId before, int limit) {
    return tx.all<FavouriteRow>(favourites_sql, {person, before_at, before, limit});
}

std::vector<ItemId> favourites_among(db::Tx& tx, PersonId person, std::span<const std::int64_t> items) {
    return tx.all<ItemId>(favourites_among_sql, {person, db::Ids{items}});
}

} // namespace preau::sharing::store
