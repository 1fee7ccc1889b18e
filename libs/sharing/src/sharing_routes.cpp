#include "sharing_routes.hpp"

namespace preau::sharing {

void sharing_routes(http::Router& routes, Sharing& sharing) {
    link_routes(routes, sharing);
    share_routes(routes, sharing);
    as_routes(routes, sharing);
    my_shares_routes(routes, sharing);
    share_api_routes(routes, sharing);
    grant_api_routes(routes, sharing);
    favourite_routes(routes, sharing);
    report_routes(routes, sharing);
    shortcut_routes(routes, sharing);
    poll_routes(routes, sharing);
    comment_routes(routes, sharing);
    activity_routes(routes, sharing);
    publishing_routes(routes, sharing);
    link_mail_routes(routes, sharing);
}

} // namespace preau::sharing
