// Counting browsers, each once: a signed cookie that outlives the browser's session remembers by which links this one
// was counted, so that a family that comes back every evening uses up one use and not a hundred. It opens nothing.
#pragma once

#include "sharing/gate.hpp"

namespace preau::sharing {

std::vector<LinkId> counted_links(const http::Request& request, const identity::Identity& identity);
void remember_counted(http::Response& response, const http::Request& request, const identity::Identity& identity,
                      LinkId link); // beside those it was counted by before

// Chat programs and search engines fetch an address to show a preview. What they say of themselves decides nothing but
// the statistics: where the number of uses is limited, only who presses a button is counted.
bool looks_like_robot(const http::Request& request);

} // namespace preau::sharing
