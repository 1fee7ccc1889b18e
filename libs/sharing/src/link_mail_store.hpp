// How many messages with links somebody sent on a day.
#pragma once

#include "db/database.hpp"
#include "identity/viewer.hpp"

namespace preau::sharing::store {

std::int64_t link_mails_sent(db::Tx& tx, PersonId person, std::int64_t day);
void add_link_mails_sent(db::Tx& tx, PersonId person, std::int64_t day, std::int64_t count);

} // namespace preau::sharing::store
