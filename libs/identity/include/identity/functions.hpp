// "Teachers of this school", "heads below this académie": a function in a structure and all below it, as a subject that
// may be given something. Nobody is entered anywhere: who they are follows from person_function and structure_above at
// the moment of asking, in the one query that makes a viewer.
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "identity/viewer.hpp"

#include <string_view>

namespace preau::identity {

// The same number for the same two, on every node, without asking the database: 63 bits of a SHA-256.
Subject function_in(std::string_view function, StructureId structure);

// Must be called, in the same transaction, before something is given to that subject: from then on viewers carry it.
// Errors: identity.structure, identity.function_word.
Result<Subject> address_function(db::Tx& tx, std::string_view function, StructureId structure);

} // namespace preau::identity
