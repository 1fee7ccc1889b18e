// What an administrator watches and does. Administrators of all see every page; who administers a part of the tree by
// delegation sees those of their roles, and in them that part. Shows no content of anybody.
//
// A page of another feature joins in three steps: a flag in AdminSide and its line in admin_side.html, handlers by
// admin_get and admin_post (admin_fields.hpp), and in each transaction the right (identity/administration.hpp).
#pragma once

#include "base/describe.hpp"
#include "identity/administration.hpp"
#include "portal/admin/admin_fields.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct AdminSide { // which entry of the side column is the current one
    bool overview = false;
    bool people = false;
    bool groups = false;
    bool structures = false;
    bool delegations = false;
    bool shown = false;
    bool why = false;
    bool jobs = false;
    bool mail = false;
    bool audit = false;
    bool imports = false;
    // What is offered: all of it on pages that only administrators of all see.
    bool everything = true;
    bool sees_people = true;
    bool sees_groups = true;
    bool sees_shown = true;
    bool sees_support = true;
};
PREAU_DESCRIBE(AdminSide, overview, people, groups, structures, delegations, shown, why, jobs, mail, audit, imports,
               everything, sees_people, sees_groups, sees_shown, sees_support)
AdminSide admin_side(const identity::Rights& rights); // nothing current yet

struct AdminChoice { // of a <select>, or a tab
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(AdminChoice, value, text, chosen)

web::Shell admin_shell(const http::Request& request, std::string_view title_key);
// Rights of who asks; admin.none (Forbidden) for who has none anywhere.
Result<identity::Rights> require_rights(db::Tx& tx, PersonId person, Millis now);
// Structures that are administered in any role, or in this one; a none among them: everywhere.
std::vector<StructureId> roots_of(const identity::Rights& rights);
bool oversees(db::Tx& tx, const identity::Rights& rights, StructureId structure); // in any role
bool oversees(db::Tx& tx, const identity::Rights& rights, PersonId person); // in the role of people or of support

// "mail.send" → "Envoyer un message": the text of the key job.mail_send; without one, the kind itself.
std::string job_words(const web::Locale& locale, std::string_view kind);
std::string function_words(const web::Locale& locale, std::string_view function); // "teacher" → "Enseignement"
std::string structure_kind_words(const web::Locale& locale, std::string_view kind);
std::string role_words(const web::Locale& locale, std::string_view admin_role);

// Detail of events about people and structures, as the journal keeps it.
struct AdminDetail {
    std::optional<std::string> subject_kind, subject; // "person" and who
    std::optional<std::string> role;                  // function, role or service
    std::optional<std::string> structure;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(AdminDetail, subject_kind, subject, role, structure, until)
struct AdminAct {
    std::string_view kind; // "person.function_given"
    PersonId person = {};
    StructureId structure = {};
    std::string role = {};
    std::optional<Millis> until = {};
};
void record_act(db::Tx& tx, Portal& portal, const Viewer& viewer, const AdminAct& act);

void preload_admin(web::Pages& pages);
void admin_routes(http::Router& routes, Portal& portal); // all of the below

void admin_overview_routes(http::Router& routes, Portal& portal);
void admin_jobs_routes(http::Router& routes, Portal& portal);
void admin_mail_routes(http::Router& routes, Portal& portal);
void admin_audit_routes(http::Router& routes, Portal& portal);
void preload_admin_overview(web::Pages& pages);
void preload_admin_jobs(web::Pages& pages);
void preload_admin_mail(web::Pages& pages);
void preload_admin_audit(web::Pages& pages);

// The last entries of the journal about somebody, in words.
struct JournalLine {
    std::string what, detail, who, when;
    std::int64_t number = 0;
    Millis at = 0;
    std::string kind, item;
};
PREAU_DESCRIBE(JournalLine, what, detail, who, when, number, at, kind, item)
std::vector<JournalLine> journal_about(db::Tx& tx, const web::Locale& locale, PersonId person, std::string_view zone,
                                       int limit);

} // namespace preau::portal
