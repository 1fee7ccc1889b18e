// "Voir comme une famille": for a while, a manager is shown what somebody else would be shown. A signed cookie says
// whom and belongs to one session; the gate puts that viewer in place of the manager, so that every app is seen so, and
// lets nothing be changed. What is shown is never wider than either of the two may see: the viewer carries the
// manager's name as a limit, which can() asks as well (access.cpp).
#pragma once

#include "sharing/gate.hpp"
#include "sharing/share.hpp"

namespace preau::sharing {

inline constexpr Millis as_lifetime = 30_min;

struct SeenAs {
    Subject audience; // a link, the families of a class, or the public
    SessionId session; // of the manager who looks
    Millis until = 0;
    std::string label; // "Familles de 6e B"
};
std::optional<SeenAs> read_seen_as(const http::Request& request, const identity::Identity& identity, Millis now);
void write_seen_as(http::Response& response, const http::Request& request, const identity::Identity& identity,
                   const SeenAs& seen);
void end_seen_as(http::Response& response, const http::Request& request);

// Who would come so. A link that is over makes a stranger.
Viewer viewer_as(db::Tx& tx, const Viewer& real, const SeenAs& seen, Millis now);

// Whom the manager of an item may look as: its links, the families of a class that they work with, the public.
// Errors: sharing.item, sharing.role, share.cannot_see_as.
Result<Item> may_see_as(db::Tx& tx, const Viewer& viewer, ItemId item, Subject audience, Millis now);

// The limit, as a subject that no grant can name.
Subject limited_to(PersonId real);
std::optional<PersonId> limit_of(const Viewer& viewer);

} // namespace preau::sharing
