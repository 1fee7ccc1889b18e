// "Activer mon compte" and a forgotten password: an address is typed, a letter comes, a password is chosen. The page
// answers everybody alike and at once; a job finds out whose address it is, if anybody's.
#pragma once

#include "base/describe.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct ActivationAskView {
    bool forgotten = false; // which of the two was asked for: only words differ
    bool sent = false;
    std::string action, mail, problem;
};
PREAU_DESCRIBE(ActivationAskView, forgotten, sent, action, mail, problem)

struct ActivationProvider {
    std::string address, label;
};
PREAU_DESCRIBE(ActivationProvider, address, label)

struct ActivationChooseView {
    std::string token, name, login, problem;
    bool forgotten = false;
    bool has_providers = false;
    std::vector<ActivationProvider> providers; // or be known by one of these from now on
};
PREAU_DESCRIBE(ActivationChooseView, token, name, login, problem, forgotten, has_providers, providers)

struct ActivationLetter {
    std::string name, login, address, site;
    bool forgotten = false;
    bool elsewhere = false; // they sign in by passkey or at a provider: no link
};
PREAU_DESCRIBE(ActivationLetter, name, login, address, site, forgotten, elsewhere)

void install_activation(Portal& portal); // the job that writes the letters: before jobs.start()
void preload_activation(web::Pages& pages);
void activation_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
