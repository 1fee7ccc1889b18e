// Rows of functions that something was given to.
#pragma once

#include "identity/functions.hpp"

namespace preau::identity::store {

void insert_function_subject(db::Tx& tx, std::int64_t id, StructureId structure, std::string_view function);

} // namespace preau::identity::store
