// The parts of publishing_routes().
#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

void approval_routes(http::Router& routes, Sharing& sharing);   // /approvals: the queue
void policy_routes(http::Router& routes, Sharing& sharing);     // /structures/ID/policy

} // namespace preau::sharing
