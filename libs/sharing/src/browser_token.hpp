// What tells one browser that came by a shared link from another: random, sent to nobody else, ends with the browser's
// session and with "J'ai fini". It lets a vote or a comment be changed by whoever gave it. Whoever deletes it is
// another browser: that is said where it matters, and nobody is recognised by other means.
#pragma once

#include "base/secret.hpp"
#include "http/message.hpp"
#include "identity/viewer.hpp"

#include <string>

namespace preau::sharing {

struct BrowserToken {
    std::string secret; // empty: this browser has none, or needs none
    bool fresh = false; // to be sent with the answer
};
BrowserToken browser_token(const http::Request& request, const Viewer& viewer); // what it has
BrowserToken browser_token_or_new(const http::Request& request, const Viewer& viewer, Random& random);
void keep_browser_token(http::Response& response, const http::Request& request, const BrowserToken& token);
void drop_browser_token(http::Response& response, const http::Request& request);

} // namespace preau::sharing
