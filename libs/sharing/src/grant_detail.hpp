// What events about rights say of them, as JSON: for the audit journal, the activity and notifications.
#pragma once

#include "sharing/link.hpp"

namespace preau::sharing {

// {"subject_kind": "person", "subject": ID, "role": "edit", "deposit": true, "until": 1788764400000}; a right that was
// taken away has no role. `subject` is left out for everyone signed in and the public.
std::string grant_detail(const Grant& grant);
std::string link_detail(const Link& link); // {"link": ID, "role": …, "deposit": …, "until": …}

} // namespace preau::sharing
