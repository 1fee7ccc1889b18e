// /directory: finding somebody who works somewhere, by name, structure and function. Guests and others who work nowhere
// find whom they are in a group with, on the pages of those groups.
#pragma once

#include "portal/portal.hpp"

namespace preau::portal {

void preload_directory(web::Pages& pages);
void directory_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
