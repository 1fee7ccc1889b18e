#include "portal/portal.hpp"

#include "portal/account/account.hpp"
#include "portal/admin/admin.hpp"
#include "portal/class/class_page.hpp"
#include "portal/home/home.hpp"
#include "portal/operations/operations.hpp"
#include "portal/signin/reset.hpp"
#include "portal/signin/signin.hpp"

namespace preau::portal {

void preload(web::Pages& pages) {
    preload_home(pages);
    preload_signin(pages);
    preload_second(pages);
    preload_reset(pages);
    preload_account(pages);
    preload_class(pages);
    preload_admin(pages);
}

void routes(http::Router& routes, Portal& portal) {
    home_routes(routes, portal);
    signin_routes(routes, portal);
    second_routes(routes, portal);
    passkey_signin_routes(routes, portal);
    account_routes(routes, portal);
    class_routes(routes, portal);
    admin_routes(routes, portal);
    operations_routes(routes, portal);
}

} // namespace preau::portal
