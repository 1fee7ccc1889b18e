// SQL of activity: what links are called.
#pragma once

#include "sharing/link.hpp"

namespace preau::sharing::store {

struct LinkName {
    LinkId id;
    std::string pupil; // empty: not a pupil's link
};
PREAU_DESCRIBE(LinkName, id, pupil)
std::vector<LinkName> link_names(db::Tx& tx, std::span<const std::int64_t> links);

} // namespace preau::sharing::store
