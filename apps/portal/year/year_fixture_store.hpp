// For tests: what everybody was given, row by row.
#pragma once

#include "db/database.hpp"

#include <string>

namespace preau::portal::testing::store {

std::string all_given(db::Tx& tx); // every right and every link, in words to be compared

} // namespace preau::portal::testing::store
