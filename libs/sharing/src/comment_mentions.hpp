// "@Nadia Haddad" in a comment: who is meant, and how it is shown.
#pragma once

#include "sharing/comments.hpp"

namespace preau::sharing {

struct Mentions {
    std::vector<PersonId> people; // each once, all of them can see the item
    std::string markdown;         // the comment, with these names in bold
};
// Only people of a viewer with an account, at most ten in a comment: families learn of nobody by trying names.
Mentions find_mentions(db::Tx& tx, const Viewer& viewer, ItemId item, std::string_view body, Millis now);

} // namespace preau::sharing
