// What an administrator watches: jobs that failed, mail, the audit journal. Shows no content of anybody.
#pragma once

#include "base/describe.hpp"
#include "portal/portal.hpp"

namespace preau::portal {

struct AdminSide { // which entry of the side column is the current one
    bool overview = false;
    bool jobs = false;
    bool mail = false;
    bool audit = false;
};
PREAU_DESCRIBE(AdminSide, overview, jobs, mail, audit)

struct AdminChoice { // of a <select>, or a tab
    std::string value;
    std::string text;
    bool chosen = false;
};
PREAU_DESCRIBE(AdminChoice, value, text, chosen)

web::Shell admin_shell(const http::Request& request, std::string_view title_key);
// "mail.send" → "Envoyer un message": the text of the key job.mail_send; without one, the kind itself.
std::string job_words(const web::Locale& locale, std::string_view kind);

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

} // namespace preau::portal
