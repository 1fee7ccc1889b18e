#pragma once

#include "sharing/publishing.hpp"

namespace preau::sharing::store {

struct PolicyRow {
    std::string policy;
    StructureId structure;
};
PREAU_DESCRIBE(PolicyRow, policy, structure)
std::optional<PolicyRow> nearest_policy(db::Tx& tx, StructureId structure); // its own counts first
std::optional<std::string> own_policy(db::Tx& tx, StructureId structure);
void put_policy(db::Tx& tx, StructureId structure, std::string_view policy, PersonId by, Millis now);
bool delete_policy(db::Tx& tx, StructureId structure);

bool insert_publication(db::Tx& tx, const Publication& request); // false: one waits already
std::optional<Publication> find_publication(db::Tx& tx, PublicationId id);
std::optional<Publication> last_publication(db::Tx& tx, ItemId item);
std::vector<Publication> waiting(db::Tx& tx, PersonId person, bool admin, PublicationId after, int limit);
// False: somebody else was quicker.
bool settle(db::Tx& tx, PublicationId id, std::string_view state, PersonId by, Millis now, std::string_view reason);
std::vector<Publication> refused_since(db::Tx& tx, PersonId asked_by, Millis since);
std::optional<std::int64_t> public_grant(db::Tx& tx, ItemId item, Millis now);

} // namespace preau::sharing::store
