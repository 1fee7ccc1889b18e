#pragma once

#include "sharing/shared_with.hpp"

namespace preau::sharing::store {

struct GivenRow {
    ItemId id;
    Millis at = 0;
};
PREAU_DESCRIBE(GivenRow, id, at)
struct GivenQuery {
    PersonId person;
    std::span<const std::int64_t> subject_ids;
    Hidden hidden = Hidden::Without;
    Millis now = 0;
};
std::vector<GivenRow> given_to(db::Tx& tx, const GivenQuery& query, SharedKey before, int limit);
// Those of the items that stand in something else that was given to one of these subjects.
std::vector<std::int64_t> inside_given(db::Tx& tx, std::span<const std::int64_t> items,
                                       std::span<const std::int64_t> subject_ids, Millis now);
struct GiftRow {
    ItemId item;
    Subject::Kind subject_kind = Subject::Kind::Person;
    std::int64_t subject = 0;
    PersonId given_by;
    Millis given_at = 0;
};
PREAU_DESCRIBE(GiftRow, item, subject_kind, subject, given_by, given_at)
std::vector<GiftRow> gifts_on(db::Tx& tx, std::span<const std::int64_t> items,
                              std::span<const std::int64_t> subject_ids, Millis now);
void hide(db::Tx& tx, PersonId person, ItemId item);
void show(db::Tx& tx, PersonId person, ItemId item);

} // namespace preau::sharing::store
