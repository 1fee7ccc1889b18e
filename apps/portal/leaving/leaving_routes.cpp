// /admin/people/ID/leave: what there is to hand over, to whom, and then the act, with what became of it.
#include "portal/leaving/leaving.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "portal/people/people_admin.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view leaving_template = "portal/leaving/leaving_page.html";

struct LeavingView {
    AdminSide side;
    std::string id, name, problem;
    std::string successor, title;
    bool links_end = false;
    std::vector<std::string> there; // in words: what the leaver alone answers for
    bool nothing = false;
    bool done = false;
    std::vector<std::string> outcome;
};
PREAU_DESCRIBE(LeavingView, side, id, name, problem, successor, title, links_end, there, nothing, done, outcome)

struct OutcomeAnswer { // of the API
    std::optional<ItemId> space;
    int teams = 0, links = 0, rights = 0, published = 0, delegations = 0;
};
PREAU_DESCRIBE(OutcomeAnswer, space, teams, links, rights, published, delegations)

PersonId person_in(const http::Request& request) {
    return parse_id<PersonId>(request.parameter("person")).value_or(PersonId{});
}

struct Looked {
    identity::Rights rights;
    identity::Person person;
    sharing::ToHandOver there;
    std::int64_t delegations = 0;
};

Result<Looked> look(db::Tx& tx, const Viewer& viewer, PersonId person, Millis now) {
    auto rights = TRY(require_rights(tx, viewer.person, now));
    auto found = TRY(identity::require_command(tx, rights, person, now));
    if (person == viewer.person) return fail(Error::Kind::Conflict, "leaving.oneself");
    const auto delegations = std::ssize(identity::delegations_of(tx, person, now));
    return Looked{std::move(rights), std::move(found), sharing::to_hand_over(tx, person), delegations};
}

std::vector<std::string> words_of(const web::Locale& locale, const Looked& looked) {
    std::vector<std::string> lines;
    if (looked.there.space) lines.push_back(locale.text("leaving.there_space"));
    auto count = [&](std::string_view key, std::int64_t number) {
        if (number > 0) lines.push_back(locale.plural(key, number));
    };
    count("leaving.there_teams", looked.there.teams);
    count("leaving.there_links", looked.there.links);
    count("leaving.there_published", looked.there.published);
    count("leaving.there_delegations", looked.delegations);
    return lines;
}

std::vector<std::string> words_of(const web::Locale& locale, const Departed& departed, const Departure& departure) {
    std::vector<std::string> lines;
    if (departed.handed.space) lines.push_back(locale.text("leaving.did_space", {{"title", departure.title}}));
    auto count = [&](std::string_view key, std::int64_t number) {
        if (number > 0) lines.push_back(locale.plural(key, number));
    };
    count("leaving.did_teams", departed.handed.teams);
    const bool passed_on = departure.successor && !departure.end_links;
    count(passed_on ? "leaving.did_links_passed" : "leaving.did_links_ended", departed.handed.links);
    count("leaving.did_published", departed.handed.published);
    count("leaving.did_delegations", departed.delegations);
    lines.push_back(locale.text("leaving.did_closed"));
    return lines;
}

http::Response render(Portal& portal, http::Request& request, LeavingView view, int status = 200) {
    view.side.people = true;
    return portal.pages.page(admin_shell(request, "leaving.title"), leaving_template, view, status);
}

Task<http::Response> leaving_page(Portal& portal, http::Request& request, Fields said, std::optional<Error> problem) {
    const auto person = person_in(request);
    auto looked = co_await portal.db.read([viewer = sharing::viewer(request), person, now = portal.world.clock.now()](
                                              db::Tx& tx) { return look(tx, viewer, person, now); });
    if (!looked) co_return portal.gate.refusal(request, problem ? *problem : looked.error());
    const auto& locale = web::Locale::of(sharing::language(request));
    LeavingView view{.side = admin_side(looked->rights),
                     .id = to_text(person),
                     .name = looked->person.name,
                     .problem = problem ? locale.message(*problem) : std::string{},
                     .successor = std::string{said["successor"]},
                     .title = said.has("title") ? std::string{said["title"]}
                                                : locale.text("leaving.space_of", {{"name", looked->person.name}}),
                     .links_end = said["links"] == "end",
                     .there = words_of(locale, *looked)};
    view.nothing = view.there.empty();
    co_return render(portal, request, std::move(view), problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_leaving(Portal& portal, http::Request& request) {
    co_return co_await leaving_page(portal, request, {}, std::nullopt);
}

Result<Departure> departure_in(db::Tx& tx, const Fields& said, PersonId person) {
    Departure departure{.person = person, .title = std::string{said["title"]}, .end_links = said["links"] == "end"};
    if (trimmed(said["successor"]).empty()) return departure;
    auto successor = person_typed(tx, said["successor"]);
    if (!successor) return invalid("successor", "leaving.successor_unknown");
    departure.successor = *successor;
    return departure;
}

struct Done {
    Departure departure;
    Departed departed;
    identity::Rights rights;
    std::string name;
};

Result<Done> act(db::Tx& tx, Portal& portal, const Viewer& viewer, const Fields& said, PersonId person,
                 const std::vector<ItemId>& held) {
    auto departure = TRY(departure_in(tx, said, person));
    auto departed = TRY(depart(tx, portal, viewer, departure, held));
    auto rights = identity::rights_of(tx, viewer.person, portal.world.clock.now());
    return Done{std::move(departure), std::move(departed), std::move(rights), identity::find_person(tx, person)->name};
}

Task<http::Response> post_leaving(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    // The spaces are read first, to be held: between the two somebody may make another, which is told as a conflict.
    auto held = co_await portal.db.read([person](db::Tx& tx) { return sharing::places_of_leaving(tx, person); });
    auto lanes = identity::administration_lanes();
    for (auto place : held) lanes.push_back(db::lane_of(place));
    auto done = co_await portal.db.write_across(
        std::move(lanes), [&portal, viewer = sharing::viewer(request), said = *fields, person, held](db::Tx& tx) {
            return act(tx, portal, viewer, said, person, held);
        });
    if (!done) {
        if (request.wants_json()) co_return portal.gate.refusal(request, done.error());
        co_return co_await leaving_page(portal, request, std::move(*fields), done.error());
    }
    portal.identity.forget(person);
    const auto& handed = done->departed.handed;
    if (request.wants_json())
        co_return http::json_response(json::text_of(OutcomeAnswer{.space = handed.space,
                                                                  .teams = handed.teams,
                                                                  .links = handed.links,
                                                                  .rights = handed.rights,
                                                                  .published = handed.published,
                                                                  .delegations = done->departed.delegations}));
    const auto& locale = web::Locale::of(sharing::language(request));
    co_return render(portal, request,
                     {.side = admin_side(done->rights),
                      .id = to_text(person),
                      .name = done->name,
                      .done = true,
                      .outcome = words_of(locale, done->departed, done->departure)});
}

} // namespace

void preload_leaving(web::Pages& pages) { pages.preload<LeavingView>(leaving_template); }

void leaving_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/people/{person}/leave",
              [&portal](http::Request& request) { return show_leaving(portal, request); });
    admin_post(routes, "/people/{person}/leave",
               [&portal](http::Request& request) { return post_leaving(portal, request); });
}

} // namespace preau::portal
