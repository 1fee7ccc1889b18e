// Signing in at the académie's provider, or another: there, back, and who that is here (identity/providers.hpp). Also
// what belongs to it on one's own account, and how one leaves both.
#pragma once

#include "base/describe.hpp"
#include "portal/account/account.hpp"
#include "portal/portal.hpp"
#include "portal/signin/signin.hpp"

namespace preau::portal {

struct ProviderUnknownView { // the provider knows somebody whom nobody here is
    std::string provider, name;
    bool mail_taken = false; // somebody here has that address
};
PREAU_DESCRIBE(ProviderUnknownView, provider, name, mail_taken)

struct ProviderRow {
    std::string name, label, since, link, unlink; // what the buttons say
    std::string begin;                            // address of the first
    bool linked = false;
};
PREAU_DESCRIBE(ProviderRow, name, label, since, link, unlink, begin, linked)

struct ProviderAccountView {
    AccountSide side{.security = true};
    std::string note, problem;
    bool some = false;
    std::vector<ProviderRow> providers;
};
PREAU_DESCRIBE(ProviderAccountView, side, note, problem, some, providers)

struct SignedOutView {
    std::string provider, address, leave; // where one signs out there too, and what the button says
};
PREAU_DESCRIBE(SignedOutView, provider, address, leave)

// Linking begins by an address, for a form that leads to another site is stopped by our own content policy. So the
// address holds what only a page of ours in this browser knows: nobody is led into linking a provider to an account, be
// it their own or that of whoever leads them there.
std::string link_ticket(const Portal& portal, const Viewer& viewer); // of this session
struct ActivationTicket { // of this browser, for one letter
    std::string ticket;
    std::string cookie; // to be set
};
ActivationTicket activation_ticket(const Portal& portal, const http::Request& request, std::string_view token);

// What the sign-in page offers besides its own forms.
std::vector<MethodView> provider_buttons(const Portal& portal, const web::Locale& locale, std::string_view to);

void preload_providers(web::Pages& pages);
void preload_provider_account(web::Pages& pages);
void provider_routes(http::Router& routes, Portal& portal);
void provider_account_routes(http::Router& routes, Portal& portal);

// After signing out here: the page that offers to sign out there too, when this browser came by a provider.
std::string after_signing_out(const Portal& portal, const http::Request& request);
inline constexpr std::string_view way_cookie = "preau_way"; // name of the provider that this browser came by

} // namespace preau::portal
