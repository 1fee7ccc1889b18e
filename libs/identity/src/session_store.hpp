// Rows of sessions, and the two queries that make a viewer.
#pragma once

#include "identity/sessions.hpp"

namespace preau::identity::store {

struct NewSessionRow {
    SessionId id;
    std::string hash; // SHA-256 of the token
    PersonId person;
    Millis now = 0;
    Millis second_at = 0; // a second factor was shown; 0: none
    std::string device, network;
};
void insert_session(db::Tx& tx, const NewSessionRow& row);
void delete_session(db::Tx& tx, PersonId person, SessionId session);
void delete_session_by_hash(db::Tx& tx, std::string_view hash);
void delete_sessions_of(db::Tx& tx, PersonId person, SessionId kept); // `kept` none: all of them
void delete_sessions_beyond(db::Tx& tx, PersonId person, int most);   // the oldest go
void delete_expired(db::Tx& tx, Millis now, int most);
void mark_seen(db::Tx& tx, SessionId session, Millis created_at, Millis now);
std::vector<SessionRow> sessions_of(db::Tx& tx, PersonId person, Millis now);

struct Holder { // of a session or an app password: the person as far as a viewer needs it
    SessionId session;
    PersonId person;
    Millis created_at = 0;
    Millis seen_at = 0;
    std::string name, login, language;
    bool admin = false;
    std::string picture;
    std::string structure_name, zone;
    std::optional<Millis> guest_until; // of a guest: nobody any more from this moment on
};
PREAU_DESCRIBE(Holder, session, person, created_at, seen_at, name, login, language, admin, picture, structure_name,
               zone, guest_until)
std::optional<Holder> find_holder_by_hash(db::Tx& tx, std::string_view hash);
std::optional<Holder> find_holder(db::Tx& tx, SessionId session);
std::optional<Holder> find_holder(db::Tx& tx, PersonId person);
// Groups, structures with all above them, and the functions there that something was given to, in one query.
std::vector<Subject> subjects_of(db::Tx& tx, PersonId person);

std::string server_secret(db::Tx& tx, std::string_view name,
                          std::string_view fresh); // `fresh` is kept if there is none

} // namespace preau::identity::store
