// Ranges of groups for administrators.
#pragma once

#include "identity/overseen_groups.hpp"

namespace preau::identity::store {

struct GroupHit { // a row of an index: where it stands in its order
    std::int64_t id = 0;
    std::string key;
};
PREAU_DESCRIBE(GroupHit, id, key)

bool few_groups_below(db::Tx& tx, StructureId structure, int most);
struct NamedGroup {
    std::int64_t id = 0;
    std::string name;
};
PREAU_DESCRIBE(NamedGroup, id, name)
// All of a part that has few, from the key on, in order.
std::vector<NamedGroup> groups_below(db::Tx& tx, const GroupFilter& filter, const NameKey& after, int limit);
// Of the whole country, in order; `kind` empty: both.
std::vector<GroupHit> groups_in_order(db::Tx& tx, std::string_view kind, const NameKey& after, int limit);
// Those of them that pass the filter (its words aside), in the order of their names.
std::vector<OverseenGroup> overseen_among(db::Tx& tx, const GroupFilter& filter, const std::vector<std::int64_t>& ids);

} // namespace preau::identity::store
