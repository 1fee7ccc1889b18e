#include "portal/portal.hpp"

#include "portal/account/account.hpp"
#include "portal/activation/activation_pages.hpp"
#include "portal/admin/admin.hpp"
#include "portal/announcement/announcement.hpp"
#include "portal/class/class_page.hpp"
#include "portal/class/roster_page.hpp"
#include "portal/directory/find_people.hpp"
#include "portal/group/group.hpp"
#include "portal/guest/guest.hpp"
#include "portal/home/home.hpp"
#include "portal/import/import_pages.hpp"
#include "portal/notice/notice_mail.hpp"
#include "portal/operations/operations.hpp"
#include "portal/providers/provider_pages.hpp"
#include "portal/shown/shown_sweep.hpp"
#include "portal/signin/reset.hpp"
#include "portal/signin/signin.hpp"
#include "portal/year/year.hpp"

#include "base/embedded.hpp"

namespace preau::embedded {
std::span<const EmbeddedFile> portal_migrations();
}

namespace preau::portal {

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> answer;
    for (const auto& file : embedded::portal_migrations())
        answer.push_back({.name = "portal/" + std::string{file.name}, .sql = std::string{file.data}});
    return answer;
}

void open(Portal& portal) {
    install_announcements(portal);
    install_guests(portal);
    install_activation(portal);
    install_import(portal);
    install_sweeps(portal);
}

void add_kinds(sharing::Kinds& kinds) { kinds.add_waits(group_waits); }

void preload(web::Pages& pages) {
    preload_notice(pages);
    preload_groups(pages);
    preload_announcements(pages);
    preload_guests(pages);
    preload_home(pages);
    preload_signin(pages);
    preload_second(pages);
    preload_reset(pages);
    preload_import(pages);
    preload_activation(pages);
    preload_providers(pages);
    preload_provider_account(pages);
    preload_account(pages);
    preload_directory(pages);
    preload_class(pages);
    preload_year(pages);
    preload_roster(pages);
    preload_admin(pages);
}

void routes(http::Router& routes, Portal& portal) {
    home_routes(routes, portal);
    signin_routes(routes, portal);
    second_routes(routes, portal);
    passkey_signin_routes(routes, portal);
    import_routes(routes, portal);
    activation_routes(routes, portal);
    provider_routes(routes, portal);
    account_routes(routes, portal);
    provider_account_routes(routes, portal);
    directory_routes(routes, portal);
    class_routes(routes, portal);
    year_routes(routes, portal);
    roster_routes(routes, portal);
    group_routes(routes, portal);
    announcement_routes(routes, portal);
    guest_routes(routes, portal);
    admin_routes(routes, portal);
    operations_routes(routes, portal);
}

} // namespace preau::portal
