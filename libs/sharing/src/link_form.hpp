// Making a link from a form or from JSON, and what both show of it.
#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

struct LinkForm {
    std::string may;      // "view", "comment", "edit", "deposit", "view-deposit"
    std::string label;
    std::string until;    // "", "day", "week", "month", "year" (end of the school year)
    std::string password; // empty: none
};
PREAU_DESCRIBE(LinkForm, may, label, until, password)

std::string may_of(const Link& link);                     // the word that LinkForm uses
std::string address_of(const Sharing& sharing, std::string_view token); // empty for an empty token
std::optional<Millis> end_of(std::string_view until, Millis now);

// What may be asked of a link; errors: link.role_impossible, link.password_short.
Result<NewLink> read_link_form(const LinkForm& form, ItemId item, Millis now);
// Manage is asked before the password is hashed, so that strangers cannot keep the pool busy.
Task<Result<MadeLink>> make_link(Sharing& sharing, Viewer viewer, NewLink link, std::string password);
Task<Result<void>> take_back(Sharing& sharing, Viewer viewer, LinkId link);

} // namespace preau::sharing
