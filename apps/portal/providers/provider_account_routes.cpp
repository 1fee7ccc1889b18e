// /account/providers: which sign-in services know me, and which may.
#include "identity/providers.hpp"
#include "portal/account/account.hpp"
#include "portal/admin/admin.hpp"
#include "portal/providers/provider_pages.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view account_template = "portal/providers/provider_account_page.html";

Task<http::Response> show_providers(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    auto links =
        co_await portal.db.read([person = viewer.person](db::Tx& tx) { return identity::provider_links(tx, person); });
    const auto& locale = web::Locale::of(sharing::language(request));
    ProviderAccountView view;
    if (request.query("done") == "linked") view.note = locale.text("portal.provider_linked");
    if (request.query("done") == "unlinked") view.note = locale.text("portal.provider_unlinked");
    if (request.query("done") == "last") view.problem = locale.text("portal.provider_last");
    for (const auto& provider : portal.providers->all()) {
        auto link = std::ranges::find(links, provider.issuer, &identity::ProviderLink::issuer);
        ProviderRow row{.name = provider.name,
                        .label = provider.label,
                        .link = locale.text("portal.provider_link", {{"name", provider.label}}),
                        .unlink = locale.text("portal.provider_unlink", {{"name", provider.label}}),
                        .begin = "/signin/with/" + provider.name + "?link=" + link_ticket(portal, viewer),
                        .linked = link != links.end()};
        if (row.linked)
            row.since = locale.text("portal.provider_since", {{"date", locale.date(link->created_at, viewer.zone)}});
        view.providers.push_back(std::move(row));
    }
    view.some = !view.providers.empty();
    co_return portal.pages.page(account_shell(request, "portal.providers_title"), account_template, view);
}

Task<http::Response> unlink(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    if (auto first = co_await ask_again(portal, request, "/account/providers")) co_return std::move(*first);
    const auto* provider = portal.providers->find(request.parameter("provider"));
    if (!provider) co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "provider.unknown"});
    auto work = [&portal, viewer = sharing::viewer(request), issuer = provider->issuer](db::Tx& tx) {
        // The last way in stays: without password and passkey the account would be lost to its person. A provider that
        // an administrator took out of the configuration is no way in.
        const auto factors = identity::factors_of(tx, viewer.person);
        const auto links = identity::provider_links(tx, viewer.person);
        const bool another = std::ranges::any_of(links, [&](const identity::ProviderLink& link) {
            const auto& known = portal.providers->all();
            return link.issuer != issuer &&
                   std::ranges::find(known, link.issuer, &identity::ProviderOptions::issuer) != known.end();
        });
        if (!factors.password && factors.passkeys == 0 && !another) return false;
        if (identity::unlink_provider(tx, viewer.person, issuer))
            record_act(tx, portal, viewer, {.kind = "person.provider_unlinked", .person = viewer.person});
        return true;
    };
    const bool gone = co_await portal.db.write(db::lane_of(sharing::viewer(request).person), std::move(work));
    co_return http::redirect(gone ? "/account/providers?done=unlinked" : "/account/providers?done=last");
}

} // namespace

void preload_provider_account(web::Pages& pages) { pages.preload<ProviderAccountView>(account_template); }

void provider_account_routes(http::Router& routes, Portal& portal) {
    if (!portal.providers) return;
    using enum http::Access;
    const http::Rule writing{.access = Member, .body_limit = 1024, .rate = http::Rate::Write};
    routes.get("/account/providers", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_providers(portal, request); });
    routes.post("/account/providers/{provider}/unlink", writing,
                [&portal](http::Request& request) { return unlink(portal, request); });
}

} // namespace preau::portal
