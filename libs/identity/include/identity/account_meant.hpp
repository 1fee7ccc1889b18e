// Whose account somebody meant at the door. For the journal of refused sign-ins only: it tells nobody who asks.
#pragma once

#include "db/database.hpp"
#include "identity/viewer.hpp"

#include <string_view>

namespace preau::identity {

// By login or mail address, as the sign-in form takes them. None: no such account.
PersonId account_meant(db::Tx& tx, std::string_view typed);

} // namespace preau::identity
