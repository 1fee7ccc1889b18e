// Login names for people who did not choose one.
#pragma once

#include "identity/people.hpp"

#include <map>

namespace preau::identity {

// "Zoé Œuvrard" → "zoe.oeuvrard", "zoe.oeuvrard2" for the next. `last` remembers how far each name came, so that the
// thousandth of a name does not ask a thousand times.
std::string free_login(db::Tx& tx, std::string_view name, std::map<std::string, int>& last);

} // namespace preau::identity
