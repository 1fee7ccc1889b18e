#include "portal/admin/admin.hpp"

#include "sharing/gate.hpp"

namespace preau::portal {

web::Shell admin_shell(const http::Request& request, std::string_view title_key) {
    return sharing::shell(request, web::Locale::of(sharing::language(request)).text(title_key));
}

std::string job_words(const web::Locale& locale, std::string_view kind) {
    std::string key = "job.";
    for (char letter : kind) key += letter == '.' || letter == ':' || letter == '-' ? '_' : letter;
    return locale.has(key) ? locale.text(key) : std::string{kind};
}

void preload_admin(web::Pages& pages) {
    preload_admin_overview(pages);
    preload_admin_jobs(pages);
    preload_admin_mail(pages);
    preload_admin_audit(pages);
}

void admin_routes(http::Router& routes, Portal& portal) {
    admin_overview_routes(routes, portal);
    admin_jobs_routes(routes, portal);
    admin_mail_routes(routes, portal);
    admin_audit_routes(routes, portal);
}

} // namespace preau::portal
