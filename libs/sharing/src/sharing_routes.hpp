// The groups of routes of this library.
#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

void link_routes(http::Router& routes, Sharing& sharing);      // /s/…: coming by a link
void share_routes(http::Router& routes, Sharing& sharing);     // /share/…: the dialog as a page
void as_routes(http::Router& routes, Sharing& sharing);        // /share/…/as: seeing as a family does
void my_shares_routes(http::Router& routes, Sharing& sharing); // /share/mine: what I share
void share_api_routes(http::Router& routes, Sharing& sharing); // /api/sharing/…: links, and why
void grant_api_routes(http::Router& routes, Sharing& sharing); // /api/sharing/…: who has access
void publishing_routes(http::Router& routes, Sharing& sharing); // /publishing, /approvals, /structures/ID/policy
void report_routes(http::Router& routes, Sharing& sharing);     // /report, /reports
void shortcut_routes(http::Router& routes, Sharing& sharing);   // /shortcut
void poll_routes(http::Router& routes, Sharing& sharing);       // /polls
void activity_routes(http::Router& routes, Sharing& sharing);  // /activity/…
void comment_routes(http::Router& routes, Sharing& sharing);   // /comments/…
void favourite_routes(http::Router& routes, Sharing& sharing); // /api/sharing/…/favourite
void link_mail_routes(http::Router& routes, Sharing& sharing); // /share/…/mail and its API

} // namespace preau::sharing
