#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

void report_queue_routes(http::Router& routes, Sharing& sharing); // /reports: the queue; a part of report_routes()

} // namespace preau::sharing
