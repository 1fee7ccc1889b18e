// The hops of the dialog and its API: each finds the space of the item and writes under its lane.
#pragma once

#include "sharing/routes.hpp"
#include "sharing/share.hpp"

namespace preau::sharing {

struct Given {
    std::size_t count = 0;
    std::optional<Subject> to;   // if it was one
    std::optional<Grant> before; // what that one had: to be given back
    bool waiting = false;        // the public, once somebody has approved
};
// All or none; the public as its structure's policy has it. Errors: those of give() and publish().
Task<Result<Given>> give_all(Sharing& sharing, Viewer who, ItemId item, std::vector<Gift> gifts);
Task<Result<Grant>> take_away(Sharing& sharing, Viewer who, ItemId item, Subject from);
Task<Result<Item>> close_or_open(Sharing& sharing, Viewer who, ItemId item, bool restricted);

} // namespace preau::sharing
