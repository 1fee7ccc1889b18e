// What tests ask of the tree without asking for rights.
#pragma once

#include "sharing/item.hpp"

#include <optional>
#include <string>
#include <vector>

namespace preau::files::testing::store {
std::vector<std::string> names_in(db::Tx& tx, ItemId parent);
std::optional<ItemId> child(db::Tx& tx, ItemId parent, std::string_view name);
} // namespace preau::files::testing::store
