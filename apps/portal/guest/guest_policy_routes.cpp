// /structures/ID/guests: whether a structure opens guest accounts, and how many each person may invite.
#include "portal/guest/guest.hpp"

#include "sharing/answers.hpp"

#include <charconv>

namespace preau::portal {
namespace {

constexpr std::string_view policy_page = "portal/guest/guest_policy_page.html";

struct GuestRule {
    std::string value, text;
    bool chosen = false;
};
PREAU_DESCRIBE(GuestRule, value, text, chosen)

struct GuestPolicyView {
    std::string id, name, per_sponsor, problem;
    std::vector<GuestRule> rules;
    bool saved = false;
};
PREAU_DESCRIBE(GuestPolicyView, id, name, per_sponsor, problem, rules, saved)

struct Setting {
    identity::Structure structure;
    std::optional<identity::GuestPolicy> own;
    identity::GuestPolicy counts;
};

StructureId structure_of(const http::Request& request) {
    return parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
}

Task<http::Response> show(Portal& portal, http::Request& request, std::optional<Error> problem = {}) {
    auto setting = co_await portal.db.read([viewer = sharing::viewer(request), id = structure_of(request),
                                            now = portal.world.clock.now()](db::Tx& tx) -> Result<Setting> {
        const bool may = identity::may_set_guest_policy(tx, viewer, id, now);
        auto structure = may ? identity::find_structure(tx, id) : std::nullopt;
        if (!structure) return not_found("identity.structure");
        return Setting{*structure, identity::own_guest_policy(tx, id), identity::guest_policy(tx, id)};
    });
    if (!setting) co_return portal.gate.refusal(request, setting.error());
    const auto& locale = sharing::words_of(request);
    const auto own = !setting->own ? "inherit" : setting->own->allowed ? "on" : "off";
    GuestPolicyView view{.id = to_text(setting->structure.id),
                         .name = setting->structure.name,
                         .per_sponsor = std::to_string(setting->counts.per_sponsor),
                         .problem = problem ? locale.message(*problem) : std::string{},
                         .saved = request.has_query("saved")};
    for (std::string rule : {"inherit", "on", "off"})
        view.rules.push_back({.value = rule, .text = locale.text("guest.rule_" + rule), .chosen = rule == own});
    co_return portal.pages.page(sharing::shell(request, locale.text("guest.rule")), policy_page, view,
                                problem ? http::status_of(*problem) : 200);
}

Task<http::Response> change(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto id = structure_of(request);
    std::optional<identity::GuestPolicy> policy;
    if (const auto rule = fields->value("rule"); rule == "on" || rule == "off") {
        policy.emplace().allowed = rule == "on";
        if (const auto number = fields->value("per_sponsor"); !number.empty()) {
            policy->per_sponsor = 0; // what is no number is refused
            std::from_chars(number.data(), number.data() + number.size(), policy->per_sponsor);
        }
    }
    auto set = co_await portal.db.write(
        db::lane_of(id), [&portal, viewer = sharing::viewer(request), id, policy](db::Tx& tx) -> Result<void> {
            TRY(identity::set_guest_policy(tx, viewer, id, policy, portal.world.clock.now()));
            sharing::record_event(tx, portal.world, viewer, "structure.guests_changed", ItemId{});
            return {};
        });
    if (set) co_return sharing::done(request, "/structures/" + to_text(id) + "/guests?saved=1");
    if (request.wants_json() || set.error().kind != Error::Kind::Invalid)
        co_return portal.gate.refusal(request, set.error());
    co_return co_await show(portal, request, set.error());
}

} // namespace

void preload_guest_policy(web::Pages& pages) { pages.preload<GuestPolicyView>(policy_page); }

void guest_policy_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule writing{.access = Member, .body_limit = 1024, .rate = http::Rate::Write};
    routes.get("/structures/{structure}/guests", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show(portal, request); });
    routes.post("/structures/{structure}/guests", writing,
                [&portal](http::Request& request) { return change(portal, request); });
    routes.post("/api/structures/{structure}/guests", writing,
                [&portal](http::Request& request) { return change(portal, request); });
}

} // namespace preau::portal
