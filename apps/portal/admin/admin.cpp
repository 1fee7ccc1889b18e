#include "portal/admin/admin.hpp"

#include "base/json.hpp"
#include "portal/delegations/delegations.hpp"
#include "portal/group/group_admin.hpp"
#include "portal/leaving/leaving.hpp"
#include "portal/people/people_admin.hpp"
#include "portal/shown/shown_sweep.hpp"
#include "portal/structures/structures.hpp"
#include "portal/why/why.hpp"
#include "sharing/gate.hpp"

#include <algorithm>
#include <array>

namespace preau::portal {

web::Shell admin_shell(const http::Request& request, std::string_view title_key) {
    return sharing::shell(request, web::Locale::of(sharing::language(request)).text(title_key));
}

AdminSide admin_side(const identity::Rights& rights) {
    using enum identity::AdminRole;
    return {.everything = rights.everything,
            .sees_people = rights.holds(People) || rights.holds(Support),
            .sees_groups = rights.holds(People),
            .sees_shown = rights.holds(People),
            .sees_support = rights.holds(Support)};
}

Result<identity::Rights> require_rights(db::Tx& tx, PersonId person, Millis now) {
    auto rights = identity::rights_of(tx, person, now);
    if (!rights.any()) return forbidden("admin.none");
    return rights;
}

std::vector<StructureId> roots_of(const identity::Rights& rights) {
    if (rights.everything) return {StructureId{}};
    std::vector<StructureId> roots;
    for (const auto& held : rights.held)
        if (std::ranges::find(roots, held.structure) == roots.end()) roots.push_back(held.structure);
    return roots;
}

bool oversees(db::Tx& tx, const identity::Rights& rights, StructureId structure) {
    using enum identity::AdminRole;
    return std::ranges::any_of(std::array{People, Structures, Support},
                               [&](auto role) { return identity::may(tx, rights, role, structure); });
}

bool oversees(db::Tx& tx, const identity::Rights& rights, PersonId person) {
    using enum identity::AdminRole;
    return identity::reaches(tx, rights, People, person) || identity::reaches(tx, rights, Support, person);
}

namespace {
std::string words_or(const web::Locale& locale, std::string_view prefix, std::string_view word) {
    std::string key{prefix};
    for (char letter : word) key += letter == '-' ? '_' : letter;
    return locale.has(key) ? locale.text(key) : std::string{word};
}
} // namespace

std::string function_words(const web::Locale& locale, std::string_view function) {
    return words_or(locale, "admin.function_", function);
}
std::string structure_kind_words(const web::Locale& locale, std::string_view kind) {
    return words_or(locale, "admin.structure_", kind);
}
std::string role_words(const web::Locale& locale, std::string_view role) {
    return words_or(locale, "admin.role_of_", role);
}

void record_act(db::Tx& tx, Portal& portal, const Viewer& viewer, const AdminAct& act) {
    AdminDetail detail{.until = act.until};
    if (act.person) {
        detail.subject_kind = "person";
        detail.subject = to_text(act.person);
    }
    if (!act.role.empty()) detail.role = act.role;
    if (act.structure) detail.structure = to_text(act.structure);
    sharing::record_event(tx, portal.world, viewer, act.kind, {}, json::text_of(detail));
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
    preload_people(pages);
    preload_group_admin(pages);
    preload_structures(pages);
    preload_delegations(pages);
    preload_why(pages);
    preload_leaving(pages);
    preload_shown(pages);
    preload_sweeps(pages);
}

void admin_routes(http::Router& routes, Portal& portal) {
    admin_overview_routes(routes, portal);
    admin_jobs_routes(routes, portal);
    admin_mail_routes(routes, portal);
    admin_audit_routes(routes, portal);
    people_routes(routes, portal);
    group_admin_routes(routes, portal);
    structures_routes(routes, portal);
    delegation_routes(routes, portal);
    why_routes(routes, portal);
    leaving_routes(routes, portal);
    shown_list_routes(routes, portal);
    shown_act_routes(routes, portal);
    sweep_routes(routes, portal);
}

} // namespace preau::portal
