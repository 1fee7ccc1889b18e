// Giving and withdrawing parts of the administration.
#pragma once

#include "portal/admin/admin.hpp"

namespace preau::portal {

void preload_delegations(web::Pages& pages);
void delegation_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
