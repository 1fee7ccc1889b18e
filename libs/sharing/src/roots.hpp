// What every space is made of: a root, and a trash in it that is restricted, so that only the managers of the space
// look into it.
#pragma once

#include "sharing/tree.hpp"

namespace preau::sharing {

// The caller gives the first Manage grant.
Item make_root(db::Tx& tx, World& world, ItemId id, std::string_view kind, std::string_view title, PersonId owner);

} // namespace preau::sharing
