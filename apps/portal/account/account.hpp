// One's own account: who I am here and how pages look (/account), what keeps others out (/account/security), where I am
// signed in and with which programs (/account/devices). What others see of me is in portal/profile.
#pragma once

#include "base/describe.hpp"
#include "identity/passkeys.hpp"
#include "identity/people.hpp"
#include "identity/second_factor.hpp"
#include "portal/portal.hpp"

#include <optional>

namespace preau::portal {

struct AccountSide { // which entry of the side column is the current one
    bool profile = false;
    bool card = false;
    bool security = false;
    bool devices = false;
};
PREAU_DESCRIBE(AccountSide, profile, card, security, devices)

struct PageProblem { // what was wrong in which field of a form
    std::string field;
    Error error;
};

web::Shell account_shell(const http::Request& request, std::string_view title_key);
// Only a browser's session changes an account: a program with an app password may do a person's work, not take it over.
std::optional<http::Response> only_by_session(Portal& portal, const http::Request& request);
// Sensitive acts: nothing when the person proved within a quarter of an hour who they are, else where they do it first
// and come back to `back`.
Task<std::optional<http::Response>> ask_again(Portal& portal, const http::Request& request, std::string back);
// A fresh proof of a session, after password or passkey.
Task<void> keep_proof(Portal& portal, const Viewer& viewer, bool second);

Task<http::Response> security_page(Portal& portal, http::Request& request, std::optional<PageProblem> problem);
Task<http::Response> devices_page(Portal& portal, http::Request& request, std::string made,
                                  std::optional<PageProblem> problem);
// Ten new codes, in the answer and nowhere else.
Task<http::Response> new_codes(Portal& portal, http::Request& request);

void preload_account(web::Pages& pages);
void preload_security(web::Pages& pages);
void preload_totp(web::Pages& pages);
void preload_devices(web::Pages& pages);
void preload_proof(web::Pages& pages);

void account_routes(http::Router& routes, Portal& portal); // all of the below
void profile_routes(http::Router& routes, Portal& portal);
void password_routes(http::Router& routes, Portal& portal);
void security_routes(http::Router& routes, Portal& portal);
void totp_routes(http::Router& routes, Portal& portal);
void passkey_routes(http::Router& routes, Portal& portal);
void device_routes(http::Router& routes, Portal& portal);
void proof_routes(http::Router& routes, Portal& portal);
void language_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
