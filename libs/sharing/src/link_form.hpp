// Making a link from a form or from JSON, and what both show of it.
#pragma once

#include "sharing/routes.hpp"

namespace preau::sharing {

struct LinkForm {
    std::string may;      // "view", "comment", "edit", "deposit", "view-deposit"
    std::string label;
    std::string until;    // as in right_form.hpp
    std::string until_day;
    std::string until_at;
    std::string password; // empty: none
    std::string max_uses; // empty: any number
    bool without_password = false; // of a change: take it off
};
PREAU_DESCRIBE(LinkForm, may, label, until, until_day, until_at, password, max_uses, without_password)

// Until when it works; of a suspended one, that it is and why.
std::string suspended_words(const web::Locale& locale, const Link& link, std::string_view zone);
std::string address_of(const Sharing& sharing, std::string_view token); // empty for an empty token

// What may be asked of a link; errors: link.role_impossible, link.password_short, link.until_day, link.until_past.
Result<NewLink> read_link_form(const LinkForm& form, ItemId item, std::string_view zone, Millis now);
// Manage is asked before the password is hashed, so that strangers cannot keep the pool busy.
Task<Result<MadeLink>> make_link(Sharing& sharing, Viewer viewer, NewLink link, std::string password);
// What the link shall be; the label is checked by change_link(). Errors: those of read_link_form but the role.
Result<LinkChange> read_link_change(const LinkForm& form, std::string_view zone, Millis now);
Result<void> check_link_password(std::string_view password); // errors: link.password_short
// `password`: hashed first; empty: as `change` says.
Task<Result<Link>> change_it(Sharing& sharing, Viewer viewer, LinkId link, LinkChange change, std::string password);
Task<Result<void>> bring_back(Sharing& sharing, Viewer viewer, LinkId link); // within ten minutes
Task<Result<void>> take_back(Sharing& sharing, Viewer viewer, LinkId link);

} // namespace preau::sharing
