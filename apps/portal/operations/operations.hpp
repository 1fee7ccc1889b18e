// The addresses that operators, load balancers and robots ask for.
#pragma once

#include "portal/portal.hpp"

namespace preau::portal {

namespace store {
bool database_answers(db::Tx& tx);
}

void operations_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
