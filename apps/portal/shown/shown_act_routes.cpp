// Suspending and opening again: a form with what was ticked, or JSON {"what": ["link-6k2…", …], "reason": "…"}.
#include "portal/shown/shown.hpp"

#include "base/json.hpp"

namespace preau::portal {
namespace {

constexpr std::size_t most_at_once = 200;

struct Said {
    Chosen what;
    std::string reason;
};

void add(Chosen& chosen, std::string_view word) {
    if (chosen.links.size() + chosen.items.size() >= most_at_once) return;
    if (word.starts_with("link-"))
        if (auto id = parse_id<LinkId>(word.substr(5))) chosen.links.push_back(*id);
    if (word.starts_with("item-"))
        if (auto id = parse_id<ItemId>(word.substr(5))) chosen.items.push_back(*id);
}

Result<Said> said_in(http::Request& request) {
    Said said;
    if (request.headers.find("content-type").starts_with("application/json")) {
        auto body = TRY(json::parse(request.body));
        for (std::size_t i = 0; i < body["what"].size(); ++i) add(said.what, body["what"].at(i).text().value_or(""));
        said.reason = body["reason"].text().value_or("");
    } else {
        auto form = TRY(request.form());
        for (const auto& [name, value] : form.fields)
            if (name == "what") add(said.what, value);
        said.reason = form.value("reason");
    }
    if (said.what.empty()) return invalid("what", "shown.none_chosen");
    return said;
}

struct Outcome {
    Chosen done;
    std::optional<Error> problem; // the first; what came before it is done
};

// Links in one write, each public item in one of its own, under the lane of its space.
Task<Outcome> act(Portal& portal, Viewer viewer, Said said, bool suspend) {
    Outcome outcome;
    const ShownActs acts{.portal = portal, .viewer = viewer};
    if (!said.what.links.empty()) {
        auto links =
            co_await portal.db.write_across(identity::administration_lanes(), [acts, said, suspend](db::Tx& tx) {
                return suspend ? acts.suspend(tx, said.reason, said.what.links) : acts.resume(tx, said.what.links);
            });
        if (links)
            outcome.done.links = std::move(*links);
        else
            outcome.problem = links.error();
    }
    for (auto item : said.what.items) {
        if (outcome.problem) break;
        const auto space = co_await portal.db.read([item](db::Tx& tx) { return sharing::space_of(tx, item); });
        if (!space) continue;
        auto done = co_await portal.db.write(db::lane_of(*space), [acts, said, item, suspend](db::Tx& tx) {
            return suspend ? acts.suspend(tx, said.reason, item) : acts.resume(tx, item);
        });
        if (!done)
            outcome.problem = done.error();
        else if (*done)
            outcome.done.items.push_back(item);
    }
    co_return outcome;
}

struct OutcomeAnswer {
    std::vector<std::string> done;
};
PREAU_DESCRIBE(OutcomeAnswer, done)

Task<http::Response> post(Portal& portal, http::Request& request, bool suspend) {
    auto said = said_in(request);
    Outcome outcome;
    if (said)
        outcome = co_await act(portal, sharing::viewer(request), std::move(*said), suspend);
    else
        outcome.problem = said.error();
    if (request.wants_json()) {
        if (outcome.problem && outcome.done.empty()) co_return portal.gate.refusal(request, *outcome.problem);
        OutcomeAnswer answer;
        for (auto link : outcome.done.links) answer.done.push_back("link-" + to_text(link));
        for (auto item : outcome.done.items) answer.done.push_back("item-" + to_text(item));
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    const auto count = std::ssize(outcome.done.links) + std::ssize(outcome.done.items);
    auto notice = count > 0 ? locale.plural(suspend ? "shown.suspended" : "shown.resumed", count) : std::string{};
    co_return co_await shown_page(portal, request, std::move(notice), outcome.problem, outcome.done);
}

} // namespace

void shown_act_routes(http::Router& routes, Portal& portal) {
    constexpr std::uint64_t most_bytes = 32 * 1024;
    admin_post(
        routes, "/shown/suspend", [&portal](http::Request& request) { return post(portal, request, true); },
        most_bytes);
    admin_post(
        routes, "/shown/resume", [&portal](http::Request& request) { return post(portal, request, false); },
        most_bytes);
}

} // namespace preau::portal
