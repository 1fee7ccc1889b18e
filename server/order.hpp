// What the command line asks of an installation: one struct, one function, two ways to get there. A running server does
// it on behalf of the command (control_socket.hpp); else the command opens the database itself and does the same.
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace preau::server {

class Site;

struct Order {
    // "user add", "user app-password", "user link", "user reset-factors", "demo", "doctor", "audit verify", "import"
    std::string verb;
    std::string login;
    std::string name;
    std::string mail;
    std::string password;
    bool admin = false;
    std::vector<std::string> files; // of import: absolute paths
    std::string source;
    bool dry_run = false;
    bool rentree = false;
};
PREAU_DESCRIBE(Order, verb, login, name, mail, password, admin, files, source, dry_run, rentree)

struct Outcome {
    bool done = false;
    std::string text; // for standard output when done, else for standard error: what happened and what to do
};
PREAU_DESCRIBE(Outcome, done, text)

Outcome perform(Site& site, const Order& order);

// One line of JSON each way.
std::string to_line(const Order& order);
std::string to_line(const Outcome& outcome);
Result<Order> order_of(std::string_view line);
Result<Outcome> outcome_of(std::string_view line);

Outcome done(std::string text);
Outcome failed(std::string text);
Outcome failed(const Error& error); // its message, in the language of the command line

// The verbs.
Outcome add_user(Site& site, const Order& order);
Outcome make_app_password(Site& site, const Order& order);
Outcome make_sign_in_link(Site& site, const Order& order);
Outcome reset_factors(Site& site, const Order& order);
Outcome make_demonstration(Site& site, const Order& order);
Outcome examine(Site& site);
Outcome verify_audit(Site& site);
Outcome import_lists(Site& site, const Order& order);

} // namespace preau::server
