#include "portal/guest/guest.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/leading.hpp"
#include "sharing/answers.hpp"
#include "web/day.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view guests_page = "portal/guest/guests_page.html";

struct GuestLine {
    std::string id, name, mail, until, day, state, chip;
    bool ended = false, came = false;
};
PREAU_DESCRIBE(GuestLine, id, name, mail, until, day, state, chip, ended, came)

struct GuestsView {
    std::vector<GuestLine> rows;
    bool some = false, allowed = false, full = false;
    std::string name, mail, until, limit, done, problem, name_problem, mail_problem, until_problem, least, most;
};
PREAU_DESCRIBE(GuestsView, rows, some, allowed, full, name, mail, until, limit, done, problem, name_problem,
               mail_problem, until_problem, least, most)

struct GuestJson {
    PersonId id;
    std::string name, mail;
    Millis until = 0;
    bool came = false, ended = false;
};
PREAU_DESCRIBE(GuestJson, id, name, mail, until, came, ended)
struct GuestsJson {
    std::vector<GuestJson> guests;
};
PREAU_DESCRIBE(GuestsJson, guests)
struct InvitedJson {
    PersonId id;
};
PREAU_DESCRIBE(InvitedJson, id)

struct Typed {
    std::string name, mail, until;
};
struct Data {
    std::vector<identity::GuestRow> guests;
    identity::GuestPolicy policy;
};

GuestLine line_of(const web::Locale& locale, std::string_view zone, const identity::GuestRow& guest, Millis now) {
    GuestLine line{.id = to_text(guest.person),
                   .name = guest.name,
                   .mail = guest.mail,
                   .day = web::day_before(guest.until_at, zone),
                   .ended = guest.until_at <= now,
                   .came = guest.came};
    line.until = locale.text(line.ended ? "guest.ended_on" : "guest.until_day",
                             {{"day", locale.date(guest.until_at - 1, zone)}});
    const bool soon = !line.ended && guest.until_at - now <= identity::guest_warning;
    line.chip = line.ended ? "" : soon ? "warn" : guest.came ? "good" : "info";
    line.state = locale.text(line.ended   ? "guest.state_ended"
                             : soon       ? "guest.state_soon"
                             : guest.came ? "guest.state_active"
                                          : "guest.state_waiting");
    return line;
}

Task<http::Response> show(Portal& portal, http::Request& request, Typed typed, std::optional<Error> problem) {
    const auto viewer = sharing::viewer(request);
    const auto now = portal.world.clock.now();
    auto data = co_await portal.db.read([viewer](db::Tx& tx) -> Result<Data> {
        const auto structure = identity::main_structure(tx, viewer.person);
        if (viewer.guest || !structure) return forbidden("identity.guest_may_not");
        return Data{identity::guests_of(tx, viewer.person), identity::guest_policy(tx, structure)};
    });
    if (!data) co_return portal.gate.refusal(request, data.error());
    if (request.wants_json()) {
        GuestsJson json;
        for (const auto& guest : data->guests)
            json.guests.push_back(
                {guest.person, guest.name, guest.mail, guest.until_at, guest.came, guest.until_at <= now});
        co_return http::json_response(json::text_of(json));
    }
    const auto& locale = sharing::words_of(request);
    GuestsView view{.some = !data->guests.empty(),
                    .allowed = data->policy.allowed,
                    .name = std::move(typed.name),
                    .mail = std::move(typed.mail),
                    .until = std::move(typed.until),
                    .limit = locale.plural("guest.limit", data->policy.per_sponsor),
                    .least = web::day_before(now + 1_days, viewer.zone),
                    .most = web::day_before(now + identity::guest_longest, viewer.zone)};
    std::int64_t open = 0;
    for (const auto& guest : data->guests) {
        view.rows.push_back(line_of(locale, viewer.zone, guest, now));
        open += guest.until_at > now;
    }
    view.full = open >= data->policy.per_sponsor;
    if (problem)
        (problem->field == "name"    ? view.name_problem
         : problem->field == "mail"  ? view.mail_problem
         : problem->field == "until" ? view.until_problem
                                     : view.problem) = locale.message(*problem);
    const auto key = "guest.done_" + std::string{request.query("done")};
    if (request.has_query("done") && locale.has(key)) view.done = locale.text(key);
    co_return portal.pages.page(sharing::shell(request, locale.text("guest.guests")), guests_page, view,
                                problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_guests(Portal& portal, http::Request& request) {
    const auto until = portal.world.clock.now() + identity::guest_default;
    Typed typed{.until = web::day_before(until, sharing::viewer(request).zone)};
    co_return co_await show(portal, request, std::move(typed), std::nullopt);
}

Task<http::Response> post_invite(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    Typed typed{std::string{fields->value("name")}, std::string{fields->value("mail")},
                std::string{fields->value("until")}};
    const auto viewer = sharing::viewer(request);
    identity::GuestForm form{
        .name = typed.name, .mail = typed.mail, .until = web::end_of_day(typed.until, viewer.zone).value_or(0)};
    if (typed.until.empty()) form.until = portal.world.clock.now() + identity::guest_default;
    auto invited = co_await portal.db.write(db::lane_of(viewer.person),
                                            [&portal, viewer, form, language = sharing::language(request)](db::Tx& tx) {
                                                return invite_and_tell(tx, portal, viewer, form, language);
                                            });
    if (invited)
        co_return sharing::done(request, "/guests?done=invited", json::text_of(InvitedJson{.id = invited->person}));
    const auto& problem = invited.error();
    const bool about_form = problem.kind == Error::Kind::Invalid || problem.kind == Error::Kind::Conflict;
    if (request.wants_json() || !about_form) co_return portal.gate.refusal(request, problem);
    co_return co_await show(portal, request, std::move(typed), problem);
}

PersonId guest_of(const http::Request& request) {
    return parse_id<PersonId>(request.parameter("guest")).value_or(PersonId{});
}

Task<http::Response> post_prolong(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto viewer = sharing::viewer(request);
    const auto until = web::end_of_day(fields->value("until"), viewer.zone).value_or(0);
    auto done = co_await portal.db.write(db::lane_of(viewer.person),
                                         [&portal, viewer, guest = guest_of(request), until](db::Tx& tx) {
                                             return prolong_and_record(tx, portal, viewer, guest, until);
                                         });
    if (!done) co_return portal.gate.refusal(request, done.error());
    portal.identity.forget(guest_of(request));
    co_return sharing::done(request, "/guests?done=prolonged");
}

Task<http::Response> post_end(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    const auto guest = guest_of(request);
    auto done = co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, guest](db::Tx& tx) {
        return end_and_record(tx, portal, viewer, guest);
    });
    if (!done) co_return portal.gate.refusal(request, done.error());
    portal.identity.forget(guest);
    co_return sharing::done(request, "/guests?done=ended");
}

Task<http::Response> post_again(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    auto done = co_await portal.db.write(
        db::lane_of(viewer.person), [&portal, viewer, guest = guest_of(request), language = sharing::language(request)](
                                        db::Tx& tx) { return tell_again(tx, portal, viewer, guest, language); });
    if (!done) co_return portal.gate.refusal(request, done.error());
    co_return sharing::done(request, "/guests?done=again");
}

} // namespace

void preload_guests(web::Pages& pages) {
    pages.preload<GuestsView>(guests_page);
    preload_guest_policy(pages);
}

void guest_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    const http::Rule reading{.access = Member, .body_limit = 0, .rate = http::Rate::Read};
    const http::Rule writing{.access = Member, .body_limit = 4096, .rate = http::Rate::Write};
    for (std::string root : {"", "/api"}) {
        routes.get(root + "/guests", reading,
                   [&portal](http::Request& request) { return show_guests(portal, request); });
        routes.post(root + "/guests", writing,
                    [&portal](http::Request& request) { return post_invite(portal, request); });
        routes.post(root + "/guests/{guest}/prolong", writing,
                    [&portal](http::Request& request) { return post_prolong(portal, request); });
        routes.post(root + "/guests/{guest}/end", writing,
                    [&portal](http::Request& request) { return post_end(portal, request); });
        routes.post(root + "/guests/{guest}/link", writing,
                    [&portal](http::Request& request) { return post_again(portal, request); });
    }
    guest_policy_routes(routes, portal);
}

} // namespace preau::portal
