// /publishing/ITEM: whether the world sees an item, what became of the request, and why; the same as JSON.
#include "publishing_routes.hpp"

#include "base/json.hpp"
#include "identity/people.hpp"
#include "sharing/answers.hpp"
#include "sharing/publishing.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

constexpr std::string_view publishing_page = "sharing/pages/publishing_page.html";

struct PublishingView {
    ItemId item;
    std::string title;
    std::string back;
    std::string structure;
    bool shown = false;    // the world sees it
    bool from_above = false; // because of a folder around it
    bool waiting = false;
    bool refused = false;
    bool may_publish = false; // at once
    bool may_ask = false;
    bool off = false;
    std::string when;      // of the request or of the decision
    std::string decided_by;
    std::string reason;
};
PREAU_DESCRIBE(PublishingView, item, title, back, structure, shown, from_above, waiting, refused, may_publish, may_ask,
               off, when, decided_by, reason)

struct State {
    Item item;
    std::string structure;
    std::optional<Publication> last;
    std::string decided_by;
    PolicySetting policy;
    bool shown = false;
    bool own = false; // by a grant on the item itself
};

Result<State> find_state(db::Tx& tx, const Viewer& viewer, ItemId id, Millis now) {
    State state{.item = TRY(require(tx, viewer, Action::Manage, id, now))};
    const auto structure = structure_of(tx, state.item);
    state.policy = policy_of(tx, structure);
    if (auto named = identity::find_structure(tx, structure)) state.structure = named->name;
    state.last = last_publication(tx, id);
    if (state.last && state.last->decided_by)
        if (auto person = identity::find_person(tx, state.last->decided_by)) state.decided_by = person->name;
    auto everybody_else = standing(tx, Viewer{}, id, now);
    state.shown = everybody_else.can(Action::View);
    state.own = state.shown && everybody_else.reason.grant && everybody_else.reason.grant->item == id;
    return state;
}

std::string word_of_state(const State& state) {
    if (state.shown) return "public";
    if (state.last && state.last->state == "waiting") return "waiting";
    if (state.policy.policy == Policy::Off) return "off";
    if (state.last && state.last->state == "refused") return "refused";
    return "private";
}

PublishingView view_of(const Sharing& sharing, const web::Locale& locale, const Viewer& viewer, State state) {
    const auto word = word_of_state(state);
    PublishingView view{.item = state.item.id,
                        .title = state.item.title,
                        .back = sharing.kinds.address(state.item.kind, state.item.id),
                        .structure = state.structure,
                        .shown = word == "public",
                        .from_above = state.shown && !state.own,
                        .waiting = word == "waiting",
                        .refused = word == "refused",
                        .off = word == "off"};
    const bool idle = word == "private" || word == "refused";
    view.may_publish = idle && state.policy.policy == Policy::Free;
    view.may_ask = idle && state.policy.policy == Policy::Approved;
    if (!state.last) return view;
    view.when =
        locale.ago(state.last->decided_at.value_or(state.last->asked_at), sharing.world.clock.now(), viewer.zone);
    view.decided_by = state.decided_by;
    view.reason = state.last->reason;
    return view;
}

Task<Result<State>> look_up(Sharing& sharing, http::Request& request) {
    co_return co_await sharing.db.read([&sharing, who = viewer(request), id = id_in<ItemId>(request, "item")](
                                           db::Tx& tx) { return find_state(tx, who, id, sharing.world.clock.now()); });
}

struct StateJson {
    std::string state;  // "private", "waiting", "refused", "public", "off"
    std::string policy; // "free", "approved", "off": what asking would do
    std::optional<std::string> reason;
    std::optional<Millis> asked_at, decided_at;
};
PREAU_DESCRIBE(StateJson, state, policy, reason, asked_at, decided_at)

std::string json_of(const State& state) {
    StateJson answer{.state = word_of_state(state), .policy = std::string{word_of(state.policy.policy)}};
    if (state.last) {
        answer.asked_at = state.last->asked_at;
        answer.decided_at = state.last->decided_at;
        if (answer.state == "refused") answer.reason = state.last->reason;
    }
    return json::text_of(answer);
}

Task<http::Response> show_state(Sharing& sharing, http::Request& request) {
    auto state = co_await look_up(sharing, request);
    if (!state) co_return refuse(sharing, request, state.error());
    if (request.wants_json()) co_return http::json_response(json_of(*state));
    const auto& locale = words_of(request);
    auto filled = shell(request, locale.text("publishing.title"));
    filled.section = sharing.kinds.of(state->item.kind).app;
    co_return sharing.pages.page(filled, publishing_page, view_of(sharing, locale, viewer(request), std::move(*state)));
}

Task<http::Response> answer_with_state(Sharing& sharing, http::Request& request) {
    if (!request.wants_json()) co_return http::redirect("/publishing/" + to_text(id_in<ItemId>(request, "item")));
    auto state = co_await look_up(sharing, request);
    if (!state) co_return refuse(sharing, request, state.error());
    co_return http::json_response(json_of(*state));
}

Task<http::Response> ask(Sharing& sharing, http::Request& request) {
    auto fields = Fields::read(request);
    if (!fields) co_return refuse(sharing, request, fields.error());
    const auto item = id_in<ItemId>(request, "item");
    std::optional<Millis> until;
    if (const auto text = fields->value("until"); !text.empty()) {
        Millis moment = 0;
        auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), moment);
        if (problem != std::errc{} || end != text.data() + text.size())
            co_return refuse(sharing, request,
                             {.kind = Error::Kind::Invalid, .key = "number_malformed", .field = "until"});
        until = moment;
    }
    auto asked =
        co_await sharing.db.write(db::lane_of(item), [&sharing, who = viewer(request), item, until](db::Tx& tx) {
            return publish(tx, sharing.world, who, item, until);
        });
    if (!asked) co_return refuse(sharing, request, asked.error());
    if (*asked == Publishing::Refused)
        co_return refuse(sharing, request, {.kind = Error::Kind::Forbidden, .key = "publishing.off"});
    co_return co_await answer_with_state(sharing, request);
}

Task<http::Response> withdraw(Sharing& sharing, http::Request& request) {
    const auto item = id_in<ItemId>(request, "item");
    auto taken = co_await sharing.db.write(db::lane_of(item), [&sharing, who = viewer(request), item](db::Tx& tx) {
        return withdraw_publication(tx, sharing.world, who, item);
    });
    if (!taken) co_return refuse(sharing, request, taken.error());
    co_return co_await answer_with_state(sharing, request);
}

} // namespace

void publishing_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    sharing.pages.preload<PublishingView>(publishing_page);
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 4096, .rate = http::Rate::Write};
    routes.get("/publishing/{item}", reading, [&](auto& request) { return show_state(sharing, request); });
    routes.post("/publishing/{item}", writing, [&](auto& request) { return ask(sharing, request); });
    routes.post("/publishing/{item}/withdraw", writing, [&](auto& request) { return withdraw(sharing, request); });
    const std::string api = "/api/sharing/items/{item}/publishing";
    routes.get(api, reading, [&](auto& request) { return show_state(sharing, request); });
    routes.put(api, writing, [&](auto& request) { return ask(sharing, request); });
    routes.remove(api, writing, [&](auto& request) { return withdraw(sharing, request); });
    approval_routes(routes, sharing);
    policy_routes(routes, sharing);
}

} // namespace preau::sharing
