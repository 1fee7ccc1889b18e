// /structures/ID/policy: what a structure lets be shown to the whole world. One small form.
#include "base/json.hpp"
#include "identity/leading.hpp"
#include "identity/people.hpp"
#include "publishing_routes.hpp"
#include "publishing_store.hpp"
#include "sharing/answers.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view policy_page = "sharing/pages/policy_page.html";

struct PolicyChoice {
    std::string value; // empty: as the structure above
    std::string text;
    std::string hint;
    bool chosen = false;
};
PREAU_DESCRIBE(PolicyChoice, value, text, hint, chosen)

struct PolicyView {
    StructureId structure;
    std::string name;
    std::vector<PolicyChoice> choices;
    bool saved = false;
};
PREAU_DESCRIBE(PolicyView, structure, name, choices, saved)

struct Setting {
    identity::Structure structure;
    std::string own; // empty: inherited
    PolicySetting counts;
    PolicySetting above; // what inheriting would mean
    std::string above_name;
};

Result<Setting> find_setting(db::Tx& tx, const Viewer& viewer, StructureId id) {
    const bool may = viewer.admin || identity::leads(tx, viewer.person, id);
    auto structure = may ? identity::find_structure(tx, id) : std::nullopt;
    if (!structure) return not_found("publishing.structure");
    Setting setting{.structure = *structure,
                    .own = store::own_policy(tx, id).value_or(""),
                    .counts = policy_of(tx, id),
                    .above = policy_of(tx, structure->parent)};
    if (auto named = identity::find_structure(tx, setting.above.from)) setting.above_name = named->name;
    return setting;
}

PolicyView view_of(const web::Locale& locale, const Setting& setting) {
    PolicyView view{.structure = setting.structure.id, .name = setting.structure.name};
    const auto above = locale.text("publishing.policy_" + std::string{word_of(setting.above.policy)});
    view.choices.push_back(
        {.value = "inherit",
         .text = locale.text("publishing.policy_inherit"),
         .hint = setting.above_name.empty()
                     ? locale.text("publishing.policy_inherit_default", {{"policy", above}})
                     : locale.text("publishing.policy_inherit_from", {{"policy", above}, {"name", setting.above_name}}),
         .chosen = setting.own.empty()});
    for (std::string word : {"free", "approved", "off"})
        view.choices.push_back({.value = word,
                                .text = locale.text("publishing.policy_" + word),
                                .hint = locale.text("publishing.policy_" + word + "_hint"),
                                .chosen = word == setting.own});
    return view;
}

struct PolicyJson {
    std::string policy; // what counts
    std::optional<std::string> own;
    std::optional<StructureId> from;
};
PREAU_DESCRIBE(PolicyJson, policy, own, from)

Task<Result<Setting>> look_up(Sharing& sharing, http::Request& request) {
    co_return co_await sharing.db.read([who = viewer(request), id = id_in<StructureId>(request, "structure")](
                                           db::Tx& tx) { return find_setting(tx, who, id); });
}

Task<http::Response> show(Sharing& sharing, http::Request& request) {
    auto setting = co_await look_up(sharing, request);
    if (!setting) co_return refuse(sharing, request, setting.error());
    if (request.wants_json()) {
        PolicyJson answer{.policy = std::string{word_of(setting->counts.policy)}};
        if (!setting->own.empty()) answer.own = setting->own;
        if (setting->counts.from) answer.from = setting->counts.from;
        co_return http::json_response(json::text_of(answer));
    }
    auto view = view_of(words_of(request), *setting);
    view.saved = request.has_query("saved");
    co_return sharing.pages.page(shell(request, words_of(request).text("publishing.policy_title")), policy_page, view);
}

Task<http::Response> change(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto word = fields->value("policy");
    const auto policy = policy_named(word);
    if (!policy && word != "inherit")
        co_return refuse(sharing, request,
                         {.kind = Error::Kind::Invalid, .key = "publishing.policy_unknown", .field = "policy"});
    const auto structure = id_in<StructureId>(request, "structure");
    auto set = co_await sharing.db.write(db::lane_of(structure),
                                         [&sharing, who = viewer(request), structure, policy](db::Tx& tx) {
                                             return set_policy(tx, sharing.world, who, structure, policy);
                                         });
    if (!set) co_return refuse(sharing, request, set.error());
    co_return done(request, "/structures/" + to_text(structure) + "/policy?saved=1");
}

} // namespace

void policy_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<PolicyView>(policy_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 1024, .rate = http::Rate::Write};
    routes.get("/structures/{structure}/policy", reading, [&](auto& request) { return show(sharing, request); });
    routes.post("/structures/{structure}/policy", writing, [&](auto& request) { return change(sharing, request); });
    routes.get("/api/sharing/structures/{structure}/policy", reading,
               [&](auto& request) { return show(sharing, request); });
    routes.put("/api/sharing/structures/{structure}/policy", writing,
               [&](auto& request) { return change(sharing, request); });
}

} // namespace preau::sharing
