// Who leads a structure: heads and managers (functions "head" and "manager") of it or of one above it. They decide what
// it shows to the world, and answer what is reported about it.
#pragma once

#include "base/describe.hpp"
#include "db/database.hpp"
#include "identity/viewer.hpp"

#include <string>
#include <vector>

namespace preau::identity {

bool leads(db::Tx& tx, PersonId person, StructureId structure); // false for no structure; one query
struct Led {
    StructureId id;
    std::string name;
};
PREAU_DESCRIBE(Led, id, name)
std::vector<Led> led_by(db::Tx& tx, PersonId person); // directly, by name; what stands below them is led too
// Where a person belongs first, which answers for what they publish; none for who has no function anywhere.
StructureId main_structure(db::Tx& tx, PersonId person);

} // namespace preau::identity
