// One's own account: who I am here, in which language, and where I am signed in.
#pragma once

#include "base/describe.hpp"
#include "identity/people.hpp"
#include "portal/portal.hpp"

#include <optional>

namespace preau::portal {

struct AccountData {
    std::optional<identity::Person> person;
    std::vector<identity::SessionRow> sessions;
    bool has_password = false; // not yet, of who came by a one-time link
};
AccountData account_data(db::Tx& tx, const identity::Identity& identity, PersonId person);

struct SessionLine {
    std::string id;
    std::string device;
    std::string network;
    std::string seen;
    std::string icon;
    bool current = false;
};
PREAU_DESCRIBE(SessionLine, id, device, network, seen, icon, current)

struct AccountView {
    std::string name;
    std::string login;
    std::string mail;
    std::string structure;
    bool french = false;
    bool english = false;
    bool has_structure = false;
    bool has_others = false; // more sessions than this one
    bool has_password = false;
    bool password_changed = false; // just now
    std::string current_problem;
    std::string new_problem;
    std::vector<SessionLine> sessions;
};
PREAU_DESCRIBE(AccountView, name, login, mail, structure, french, english, has_structure, has_others, has_password,
               password_changed, current_problem, new_problem, sessions)

namespace store {
bool has_password(db::Tx& tx, PersonId person);
}

// The page, perhaps with what was wrong in the form for the password: the field and the sentence.
struct PasswordProblem {
    std::string field;
    Error error;
};
Task<http::Response> account_page(Portal& portal, http::Request& request, std::optional<PasswordProblem> problem);

void preload_account(web::Pages& pages);
void account_routes(http::Router& routes, Portal& portal);
void password_routes(http::Router& routes, Portal& portal);
void language_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
