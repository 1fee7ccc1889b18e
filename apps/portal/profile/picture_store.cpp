#include "portal/profile/person_picture.hpp"

namespace preau::portal::store {
namespace {

const db::Query find_picture_sql{"portal.find_picture", R"(
    SELECT owner, mark, small, large FROM person_picture WHERE person = $1)"};

const db::Query put_picture_sql{"portal.put_picture", R"(
    INSERT INTO person_picture (person, owner, mark, small, large) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (person) DO UPDATE SET owner = excluded.owner, mark = excluded.mark, small = excluded.small,
        large = excluded.large)"};

const db::Query delete_picture_sql{"portal.delete_picture", "DELETE FROM person_picture WHERE person = $1"};

} // namespace

std::optional<PictureRow> find_picture(db::Tx& tx, PersonId person) {
    return tx.one<PictureRow>(find_picture_sql, {person});
}
void put_picture(db::Tx& tx, PersonId person, const PictureRow& row) {
    tx.execute(put_picture_sql, {person, row.owner, row.mark, row.small, row.large});
}
void delete_picture(db::Tx& tx, PersonId person) { tx.execute(delete_picture_sql, {person}); }

} // namespace preau::portal::store
