// /admin/structures/ID: all that can be changed of a structure. /admin/structures/new: one more.
#include "portal/structures/structures.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

struct ServiceLine {
    std::string service, name, state, closed_by;
    bool open = true;
    bool here = false; // closed by this very structure
};
PREAU_DESCRIBE(ServiceLine, service, name, state, closed_by, open, here)

struct StructureAdminView {
    AdminSide side;
    std::string done, problem;
    std::string id, heading, logo;
    std::string name, uai, mail, phone, address, web, introduction_fr, introduction_en;
    std::vector<Crumb> crumbs;
    std::vector<AdminChoice> kinds, zones, functions;
    bool closed = false, may_change = false, may_move = false, gives = false, is_new = false;
    std::string under; // of a new one
    std::vector<ServiceLine> services;
    std::vector<std::string> domains;
};
PREAU_DESCRIBE(StructureAdminView, side, done, problem, id, heading, logo, name, uai, mail, phone, address, web,
               introduction_fr, introduction_en, crumbs, kinds, zones, functions, closed, may_change, may_move, gives,
               is_new, under, services, domains)

constexpr std::string_view structure_template = "portal/structures/structure_admin_page.html";
constexpr std::string_view new_template = "portal/structures/structure_new_page.html";

struct Looked {
    identity::Rights rights;
    identity::Structure structure;
    identity::StructureCard card;
    std::string logo;
    std::vector<identity::Structure> above;
    std::vector<identity::ClosedService> closed_services;
    std::vector<std::string> domains;
    bool closed = false, may_change = false, may_move = false, gives = false;
};

Result<Looked> look(db::Tx& tx, const Viewer& viewer, StructureId id, Millis now) {
    using enum identity::AdminRole;
    Looked looked{.rights = TRY(require_rights(tx, viewer.person, now))};
    auto found = identity::find_structure(tx, id);
    if (!found) return not_found("identity.structure");
    if (!oversees(tx, looked.rights, id)) return forbidden("admin.not_yours");
    looked.structure = *found;
    looked.card = identity::card_of(tx, id);
    looked.logo = identity::logo_hash(tx, id);
    looked.above = identity::structures_above(tx, id);
    looked.closed_services = identity::closed_services(tx, id);
    looked.domains = identity::domains_of(tx, id);
    looked.closed = identity::is_closed(tx, id);
    looked.may_change = identity::may(tx, looked.rights, Structures, id);
    looked.may_move = looked.may_change && identity::may(tx, looked.rights, Structures, found->parent);
    looked.gives = identity::may(tx, looked.rights, People, id) && !looked.closed;
    return looked;
}

std::vector<AdminChoice> kind_choices(const web::Locale& locale, std::string_view chosen) {
    std::vector<AdminChoice> choices;
    for (const auto& kind : identity::structure_kinds())
        choices.push_back({.value = kind, .text = structure_kind_words(locale, kind), .chosen = kind == chosen});
    return choices;
}

std::vector<AdminChoice> zone_choices(std::string_view chosen) {
    std::vector<AdminChoice> choices;
    for (const auto& zone : identity::structure_zones())
        choices.push_back({.value = zone, .text = zone, .chosen = zone == chosen});
    if (std::ranges::find(identity::structure_zones(), chosen) == identity::structure_zones().end())
        choices.push_back({.value = std::string{chosen}, .text = std::string{chosen}, .chosen = true});
    return choices;
}

std::vector<ServiceLine> service_lines(const web::Locale& locale, const Looked& looked) {
    std::vector<ServiceLine> lines;
    for (const auto& service : identity::service_names()) {
        ServiceLine line{.service = service, .name = service_words(locale, service)};
        const auto closed = std::ranges::find(looked.closed_services, service, &identity::ClosedService::service);
        if (closed != looked.closed_services.end()) {
            line.open = false;
            line.here = closed->by == looked.structure.id;
            line.closed_by = line.here ? std::string{} : closed->by_name;
        }
        line.state = locale.text(line.open ? "admin.service_open" : "admin.service_closed");
        lines.push_back(std::move(line));
    }
    return lines;
}

// What had been typed stands in the fields again, so that a wrong mail address costs no introduction.
void say_again(StructureAdminView& view, const Fields& said) {
    for (auto [name, value] : {std::pair{"name", &view.name},
                               {"uai", &view.uai},
                               {"mail", &view.mail},
                               {"phone", &view.phone},
                               {"address", &view.address},
                               {"web", &view.web},
                               {"introduction_fr", &view.introduction_fr},
                               {"introduction_en", &view.introduction_en}})
        if (said.has(name)) *value = std::string{said[name]};
}

StructureAdminView view_of(const Portal& portal, const web::Locale& locale, Looked looked) {
    StructureAdminView view{.side = admin_side(looked.rights),
                            .id = to_text(looked.structure.id),
                            .heading = looked.structure.name,
                            .logo = logo_address(portal, looked.structure.id, looked.logo),
                            .name = looked.structure.name,
                            .uai = looked.structure.uai,
                            .mail = std::move(looked.card.mail),
                            .phone = std::move(looked.card.phone),
                            .address = std::move(looked.card.address),
                            .web = std::move(looked.card.web),
                            .introduction_fr = std::move(looked.card.introduction_fr),
                            .introduction_en = std::move(looked.card.introduction_en),
                            .crumbs = crumbs_to(looked.above, "/admin/structures/"),
                            .kinds = kind_choices(locale, looked.structure.kind),
                            .zones = zone_choices(looked.structure.zone),
                            .closed = looked.closed,
                            .may_change = looked.may_change,
                            .may_move = looked.may_move,
                            .gives = looked.gives,
                            .services = service_lines(locale, looked),
                            .domains = std::move(looked.domains)};
    view.side.structures = true;
    return view;
}

struct StructureAnswer {
    identity::Structure structure;
    identity::StructureCard card;
    std::vector<identity::ClosedService> closed_services;
    std::vector<std::string> domains;
    bool closed = false;
};
PREAU_DESCRIBE(StructureAnswer, structure, card, closed_services, domains, closed)

} // namespace

Task<http::Response> structure_admin_page(Portal& portal, http::Request& request, StructureId id,
                                          std::optional<Error> problem, std::optional<Fields> said) {
    auto looked = co_await portal.db.read([viewer = sharing::viewer(request), id, now = portal.world.clock.now()](
                                              db::Tx& tx) { return look(tx, viewer, id, now); });
    if (!looked) co_return portal.gate.refusal(request, looked.error());
    if (request.wants_json())
        co_return http::json_response(json::text_of(StructureAnswer{.structure = looked->structure,
                                                                    .card = looked->card,
                                                                    .closed_services = looked->closed_services,
                                                                    .domains = looked->domains,
                                                                    .closed = looked->closed}));
    const auto& locale = web::Locale::of(sharing::language(request));
    auto view = view_of(portal, locale, std::move(*looked));
    view.functions = function_choices(locale, "", "admin.choose");
    if (said) say_again(view, *said);
    if (problem) view.problem = locale.message(*problem);
    const auto did = "admin.did_structure_" + query_text(request, "did");
    if (request.has_query("did") && locale.has(did)) view.done = locale.text(did);
    auto shell = admin_shell(request, "admin.structures");
    shell.title = view.heading;
    co_return portal.pages.page(shell, structure_template, view, problem ? http::status_of(*problem) : 200);
}

Task<http::Response> structure_new_page(Portal& portal, http::Request& request, StructureId under,
                                        std::optional<Error> problem, std::optional<Fields> said) {
    struct Found {
        identity::Rights rights;
        std::vector<identity::Structure> above;
    };
    auto found = co_await portal.db.read(
        [viewer = sharing::viewer(request), under, now = portal.world.clock.now()](db::Tx& tx) -> Result<Found> {
            auto rights = TRY(require_rights(tx, viewer.person, now));
            if (!identity::may(tx, rights, identity::AdminRole::Structures, under)) return forbidden("admin.not_yours");
            return Found{std::move(rights),
                         under ? identity::structures_above(tx, under) : std::vector<identity::Structure>{}};
        });
    if (!found) co_return portal.gate.refusal(request, found.error());
    const auto& locale = web::Locale::of(sharing::language(request));
    StructureAdminView view{.side = admin_side(found->rights),
                            .heading = locale.text("admin.structure_new"),
                            .kinds = kind_choices(locale, said ? (*said)["kind"] : "school"),
                            .is_new = true,
                            .under = under ? to_text(under) : std::string{}};
    view.side.structures = true;
    for (const auto& structure : found->above)
        view.crumbs.push_back({"/admin/structures/" + to_text(structure.id), structure.name});
    if (said) say_again(view, *said);
    if (problem) view.problem = locale.message(*problem);
    co_return portal.pages.page(admin_shell(request, "admin.structure_new"), new_template, view,
                                problem ? http::status_of(*problem) : 200);
}

std::string service_words(const web::Locale& locale, std::string_view service) {
    const auto key = "admin.service_" + std::string{service};
    return locale.has(key) ? locale.text(key) : std::string{service};
}

void preload_structure_admin(web::Pages& pages) {
    pages.preload<StructureAdminView>(structure_template);
    pages.preload<StructureAdminView>(new_template);
}

namespace {

Task<http::Response> show_structure(Portal& portal, http::Request& request) {
    const auto id = parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
    co_return co_await structure_admin_page(portal, request, id, std::nullopt);
}

Task<http::Response> show_new(Portal& portal, http::Request& request) {
    const auto under = parse_id<StructureId>(request.query("under")).value_or(StructureId{});
    co_return co_await structure_new_page(portal, request, under, std::nullopt, std::nullopt);
}

} // namespace

void structure_admin_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin/structures/new", {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_new(portal, request); });
    admin_get(routes, "/structures/{structure}",
              [&portal](http::Request& request) { return show_structure(portal, request); });
}

} // namespace preau::portal
