// From "this is the person" to a session: with a second step between where the person has a second factor.
#pragma once

#include "portal/portal.hpp"
#include "portal/signin/signin.hpp"

#include <functional>

namespace preau::portal {

struct Admission {
    PersonId person;
    std::string to;      // a page of ours
    bool second = false; // a second factor was shown
    std::function<Result<void>(db::Tx&)> spend; // with the session, in one transaction (identity/sessions.hpp)
    Passage passage = Passage::Opened; // as the journal has it
};
// A new session, its cookie and where to go. Errors: those of `spend`, as a page or JSON.
Task<http::Response> enter(Portal& portal, http::Request& request, Admission admission);
// After the first factor, whichever it was: who has a second one shows it next. Nothing that somebody forgot, and no
// link, leads around it.
Task<http::Response> after_first(Portal& portal, http::Request& request, PersonId person, std::string to,
                                 Passage passage = Passage::Opened);

// Who stands between the two steps in this browser, for ten minutes; nothing: nobody.
std::optional<PersonId> between_steps(const Portal& portal, const http::Request& request);

} // namespace preau::portal
