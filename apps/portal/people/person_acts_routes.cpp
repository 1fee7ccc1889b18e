// What is done to a person by a button, or by the API: each answers the page with what was done, or with what was
// wrong.
#include "portal/people/people_admin.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/structure_detail.hpp"

#include <charconv>

namespace preau::portal {
namespace {

PersonId person_in(const http::Request& request) {
    return parse_id<PersonId>(request.parameter("person")).value_or(PersonId{});
}

struct IdAnswer {
    std::string id;
};
PREAU_DESCRIBE(IdAnswer, id)

Task<http::Response> answer(Portal& portal, http::Request& request, PersonId person, Result<void> done,
                            std::string_view did) {
    if (!done) {
        if (request.wants_json()) co_return portal.gate.refusal(request, done.error());
        co_return co_await person_page(portal, request, person, done.error());
    }
    if (request.wants_json()) co_return http::json_response(json::text_of(IdAnswer{to_text(person)}));
    co_return http::redirect("/admin/people/" + to_text(person) + "?did=" + std::string{did});
}

// Every act holds the lanes of administration and of the tree: who removes whom, and which chain is copied, is settled
// one after the other.
template <class Act> auto act(Portal& portal, const http::Request& request, Act closure) {
    PersonActs acts{.portal = portal, .viewer = sharing::viewer(request), .now = portal.world.clock.now()};
    return portal.db.write_across(identity::administration_lanes(),
                                  [acts, closure](db::Tx& tx) { return closure(tx, acts); });
}

Task<http::Response> post_function(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, person, std::unexpected(fields.error()), "");
    auto done =
        co_await act(portal, request, [said = *fields, person](db::Tx& tx, const PersonActs& acts) -> Result<void> {
            const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.now));
            if (!oversees(tx, rights, person)) return not_found("identity.person");
            identity::NewFunction form{.person = person,
                                       .structure = TRY(structure_typed(tx, rights, said["structure"])),
                                       .function = std::string{said["function"]}};
            form.from_at = TRY(day_in(said, "from", DayEdge::Begin, acts.viewer.zone)).value_or(0);
            form.until_at = TRY(day_in(said, "until", DayEdge::End, acts.viewer.zone));
            TRY(acts.give_function(tx, form));
            return {};
        });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done), "function_given");
}

Task<http::Response> post_function_end(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, person, std::unexpected(fields.error()), "");
    auto done =
        co_await act(portal, request, [said = *fields, person](db::Tx& tx, const PersonActs& acts) -> Result<void> {
            identity::Attachment which{.person = person,
                                       .structure = parse_id<StructureId>(said["structure"]).value_or(StructureId{}),
                                       .function = std::string{said["function"]}};
            const auto from = said["from"];
            std::from_chars(from.data(), from.data() + from.size(), which.from_at);
            auto until = TRY(day_in(said, "until", DayEdge::End, acts.viewer.zone));
            if (said["do"] == "now") until = acts.now;
            TRY(acts.end_function(tx, which, until));
            return {};
        });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done), "function_ended");
}

Task<http::Response> post_close(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto done =
        co_await act(portal, request, [person](db::Tx& tx, const PersonActs& acts) { return acts.close(tx, person); });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done), "closed");
}

Task<http::Response> post_open(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto done =
        co_await act(portal, request, [person](db::Tx& tx, const PersonActs& acts) { return acts.open(tx, person); });
    co_return co_await answer(portal, request, person, std::move(done), "opened");
}

Task<http::Response> post_sessions_end(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto done = co_await act(portal, request,
                             [person](db::Tx& tx, const PersonActs& acts) { return acts.end_sessions(tx, person); });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done), "sessions_ended");
}

Task<http::Response> post_reset(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto done = co_await act(portal, request,
                             [person](db::Tx& tx, const PersonActs& acts) { return acts.reset_factors(tx, person); });
    co_return co_await answer(portal, request, person, std::move(done), "reset_started");
}

Task<http::Response> post_picture_remove(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto done = co_await act(portal, request,
                             [person](db::Tx& tx, const PersonActs& acts) { return acts.remove_picture(tx, person); });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done), "picture_removed");
}

Task<http::Response> post_administrator(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, person, std::unexpected(fields.error()), "");
    const bool on = (*fields)["on"] == "1";
    auto done = co_await act(portal, request, [person, on](db::Tx& tx, const PersonActs& acts) {
        return acts.set_administrator(tx, person, on);
    });
    portal.identity.forget(person);
    co_return co_await answer(portal, request, person, std::move(done),
                              on ? "administrator_made" : "administrator_removed");
}

Result<std::optional<std::int64_t>> bytes_in(const Fields& fields) {
    constexpr std::int64_t gigabyte = 1'000'000'000;
    constexpr std::int64_t most = 1'000'000; // a petabyte
    const auto text = trimmed(fields["gigabytes"]);
    if (text.empty()) return std::nullopt;
    std::int64_t gigabytes = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), gigabytes);
    if (problem != std::errc{} || end != text.data() + text.size() || gigabytes < 0 || gigabytes > most)
        return invalid("gigabytes", "admin.quota_malformed");
    return gigabytes * gigabyte;
}

Task<http::Response> post_quota(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, person, std::unexpected(fields.error()), "");
    auto done =
        co_await act(portal, request, [said = *fields, person](db::Tx& tx, const PersonActs& acts) -> Result<void> {
            return acts.set_quota(tx, person, TRY(bytes_in(said)));
        });
    co_return co_await answer(portal, request, person, std::move(done), "quota_set");
}

struct LinkAnswer {
    std::string id, url;
};
PREAU_DESCRIBE(LinkAnswer, id, url)

std::string link_of(const Portal& portal, std::string_view token) {
    return portal.public_url + "/signin/once/" + std::string{token};
}

// Shown once, to hand over: the token is kept as a hash only.
Task<http::Response> post_link(Portal& portal, http::Request& request) {
    const auto person = person_in(request);
    auto token = co_await act(portal, request,
                              [person](db::Tx& tx, const PersonActs& acts) { return acts.make_link(tx, person); });
    if (!token) co_return co_await answer(portal, request, person, std::unexpected(token.error()), "");
    if (request.wants_json())
        co_return http::json_response(json::text_of(LinkAnswer{to_text(person), link_of(portal, *token)}));
    co_return co_await person_page(portal, request, person, std::nullopt, link_of(portal, *token));
}

struct NewView {
    AdminSide side{.people = true};
    std::string problem, login, name, mail, structure, until;
    std::vector<AdminChoice> choices, places;
};
PREAU_DESCRIBE(NewView, side, problem, login, name, mail, structure, until, choices, places)
constexpr std::string_view new_template = "portal/people/person_new_page.html";

Task<http::Response> new_page(Portal& portal, http::Request& request, Fields said, std::optional<Error> problem) {
    struct Found {
        identity::Rights rights;
        std::vector<identity::StructureRow> places;
    };
    auto found = co_await portal.db.read(
        [viewer = sharing::viewer(request), now = portal.world.clock.now()](db::Tx& tx) -> Result<Found> {
            auto rights = TRY(require_rights(tx, viewer.person, now));
            if (!rights.holds(identity::AdminRole::People)) return forbidden("admin.not_yours");
            auto places = identity::structures_named(tx, rights.roots(identity::AdminRole::People));
            return Found{std::move(rights), std::move(places)};
        });
    if (!found) co_return portal.gate.refusal(request, found.error());
    const auto& locale = web::Locale::of(sharing::language(request));
    NewView view{.side = admin_side(found->rights),
                 .problem = problem ? locale.message(*problem) : std::string{},
                 .login = std::string{said["login"]},
                 .name = std::string{said["name"]},
                 .mail = std::string{said["mail"]},
                 .structure = std::string{said["structure"]},
                 .until = std::string{said["until"]},
                 .choices = function_choices(locale, said["function"], "admin.choose")};
    view.side.people = true;
    for (const auto& place : found->places) view.places.push_back({.value = place.name});
    co_return portal.pages.page(admin_shell(request, "admin.person_new"), new_template, view,
                                problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_new(Portal& portal, http::Request& request) {
    co_return co_await new_page(portal, request, {}, std::nullopt);
}

Task<http::Response> post_new(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    auto made = co_await act(portal, request,
                             [said = *fields](db::Tx& tx, const PersonActs& acts) -> Result<PersonActs::Created> {
                                 const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.now));
                                 identity::NewFunction first{.function = std::string{said["function"]}};
                                 if (!trimmed(said["structure"]).empty())
                                     first.structure = TRY(structure_typed(tx, rights, said["structure"]));
                                 first.until_at = TRY(day_in(said, "until", DayEdge::End, acts.viewer.zone));
                                 return acts.create(tx,
                                                    {.login = std::string{said["login"]},
                                                     .name = std::string{said["name"]},
                                                     .mail = std::string{said["mail"]}},
                                                    first);
                             });
    if (!made && request.wants_json()) co_return portal.gate.refusal(request, made.error());
    if (!made) co_return co_await new_page(portal, request, std::move(*fields), made.error());
    if (request.wants_json())
        co_return http::json_response(json::text_of(LinkAnswer{to_text(made->person), link_of(portal, made->token)}),
                                      201);
    co_return co_await person_page(portal, request, made->person, std::nullopt, link_of(portal, made->token));
}

} // namespace

void preload_person_new(web::Pages& pages) { pages.preload<NewView>(new_template); }

void person_act_routes(http::Router& routes, Portal& portal) {
    routes.get("/admin/people/new", {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_new(portal, request); });
    admin_post(routes, "/people", [&portal](http::Request& request) { return post_new(portal, request); });
    admin_post(routes, "/people/{person}/functions",
               [&portal](http::Request& request) { return post_function(portal, request); });
    admin_post(routes, "/people/{person}/functions/end",
               [&portal](http::Request& request) { return post_function_end(portal, request); });
    admin_post(routes, "/people/{person}/close",
               [&portal](http::Request& request) { return post_close(portal, request); });
    admin_post(routes, "/people/{person}/open",
               [&portal](http::Request& request) { return post_open(portal, request); });
    admin_post(routes, "/people/{person}/link",
               [&portal](http::Request& request) { return post_link(portal, request); });
    admin_post(routes, "/people/{person}/sessions/end",
               [&portal](http::Request& request) { return post_sessions_end(portal, request); });
    admin_post(routes, "/people/{person}/second-factor/reset",
               [&portal](http::Request& request) { return post_reset(portal, request); });
    admin_post(routes, "/people/{person}/picture/remove",
               [&portal](http::Request& request) { return post_picture_remove(portal, request); });
    admin_post(routes, "/people/{person}/quota",
               [&portal](http::Request& request) { return post_quota(portal, request); });
    admin_post(routes, "/people/{person}/administrator",
               [&portal](http::Request& request) { return post_administrator(portal, request); });
}

} // namespace preau::portal
