// Conditional requests (RFC 9110 §13): does the client have this version already?
#pragma once

#include <string_view>

namespace preau::http {

// Weak comparison of an If-None-Match list, or "*", with the ETag of the answer.
bool none_match_hits(std::string_view if_none_match, std::string_view etag);
// If-Range: strong comparison with the ETag, or the very text of Last-Modified. An absent header always holds.
bool range_holds(std::string_view if_range, std::string_view etag, std::string_view last_modified);

} // namespace preau::http
