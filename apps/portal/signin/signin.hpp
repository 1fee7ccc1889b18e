// Coming in and going out: by password, or by a one-time link that the command line printed.
#pragma once

#include "base/describe.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct MethodView {
    std::string address;
    std::string label;
};
PREAU_DESCRIBE(MethodView, address, label)

struct SigninView {
    std::string login; // as typed before, so that a mistake in the password costs only the password
    std::string to;
    std::string message; // what went wrong; empty: nothing yet
    bool failed = false;
    bool reset = false; // second factors were just taken away
    std::vector<MethodView> forms;   // ask for a login and a secret
    std::vector<MethodView> buttons; // lead elsewhere
};
PREAU_DESCRIBE(SigninView, login, to, message, failed, reset, forms, buttons)

struct OnceView {
    std::string token;
    bool resets = false; // an administrator started it: second factors go
};
PREAU_DESCRIBE(OnceView, token, resets)

struct SecondView {
    std::string to;
    std::string message; // what went wrong
    bool failed = false;
    bool totp = false;
    bool passkeys = false;
    bool codes = false; // recovery codes are left
};
PREAU_DESCRIBE(SecondView, to, message, failed, totp, passkeys, codes)

struct RecoveryView {
    std::string login;
    std::string message;
    bool failed = false;
};
PREAU_DESCRIBE(RecoveryView, login, message, failed)

web::Shell entry_shell(const http::Request& request, std::string_view title_key);

// Comings and goings, for the audit journal: identity stands below the outbox, so the routes that call it write them.
// Never a password, a token or what was typed.
enum class Passage { Opened, OpenedOnce, Closed };
Task<void> note_passage(Portal& portal, PersonId person, Passage passage);
void record_passage(db::Tx& tx, Portal& portal, PersonId person, Passage passage); // with what else is written
Task<void> note_refusal(Portal& portal, std::string login); // the account that was meant, if there is one

void preload_signin(web::Pages& pages);
void signin_routes(http::Router& routes, Portal& portal);
void preload_second(web::Pages& pages);
void second_routes(http::Router& routes, Portal& portal);
void passkey_signin_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
