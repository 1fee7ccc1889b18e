// /admin/people/ID: functions with their dates, the account, what is administered, and the journal about that person.
#include "portal/people/people_admin.hpp"

#include "base/json.hpp"
#include "identity/directory.hpp"
#include "identity/second_factor.hpp"
#include "identity/structure_detail.hpp"
#include "sharing/face.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using enum identity::AdminRole;
using State = identity::Attachment::State;

struct FunctionLine {
    std::string structure, structure_name, function, function_name, from_key, dates, state, until;
    bool running = false; // in force or to come
    bool mine = false;    // may be ended by who looks
    bool over = false;
};
PREAU_DESCRIBE(FunctionLine, structure, structure_name, function, function_name, from_key, dates, state, until, running,
               mine, over)

struct HeldLine {
    std::string role, place, until;
};
PREAU_DESCRIBE(HeldLine, role, place, until)

struct ThingLine {
    std::string name, count;
};
PREAU_DESCRIBE(ThingLine, name, count)

struct PersonView {
    AdminSide side;
    std::string done, problem, link; // what was just done, or refused; a link to hand over
    std::string id, name, login, mail, created;
    sharing::Face face;
    bool closed = false, admin = false, may_drop_picture = false;
    std::vector<FunctionLine> functions;
    bool no_functions = false, many_functions = false;
    bool gives = false;    // functions, somewhere
    bool commands = false; // the account
    bool everything = false, can_close = false;
    std::vector<AdminChoice> choices;
    std::vector<AdminChoice> places;
    std::string sessions, factors;
    bool has_factor = false;
    bool has_space = false;
    std::string used, limit, limit_gigabytes;
    std::vector<HeldLine> held;
    std::vector<ThingLine> things;
    std::vector<JournalLine> journal;
};
PREAU_DESCRIBE(PersonView, side, done, problem, link, id, name, login, mail, created, face, closed, admin,
               may_drop_picture, functions, no_functions, many_functions, gives, commands, everything, can_close,
               choices, places, sessions, factors, has_factor, has_space, used, limit, limit_gigabytes, held, things,
               journal)

constexpr std::string_view person_template = "portal/people/person_page.html";
constexpr int most_functions = 100;
constexpr int journal_lines = 20;
constexpr std::int64_t gigabyte = 1'000'000'000;

struct Looked {
    identity::Rights rights;
    identity::Person person;
    std::vector<identity::AttachmentLine> functions;
    std::vector<bool> mine;
    bool commands = false, drops_picture = false;
    std::vector<identity::Delegation> held;
    std::vector<identity::StructureRow> places;
    std::map<Subject, identity::Named> names;
    std::vector<KindCount> things;
    std::int64_t sessions = 0;
    bool has_factor = false;
    std::optional<SpaceKeeper::Space> space;
    std::vector<JournalLine> journal;
};

Result<Looked> look(db::Tx& tx, const Portal& portal, const Viewer& viewer, const web::Locale& locale, PersonId id,
                    Millis now) {
    Looked looked{.rights = TRY(require_rights(tx, viewer.person, now))};
    auto person = identity::find_person(tx, id);
    // Who is not overseen is not to be known here: the same answer as for nobody.
    if (!person || !oversees(tx, looked.rights, id)) return not_found("identity.person");
    looked.person = *person;
    looked.functions = identity::functions_of(tx, id, most_functions);
    std::vector<StructureId> mine;
    for (const auto& line : looked.functions) {
        const auto where = line.attachment.structure;
        // Each structure is asked about once: somebody may have a hundred functions in few.
        const bool known = std::ranges::find(mine, where) != mine.end();
        const bool is_mine = known || identity::may(tx, looked.rights, People, where);
        if (is_mine && !known) mine.push_back(where);
        looked.mine.push_back(is_mine);
    }
    looked.commands = identity::require_command(tx, looked.rights, id, now).has_value();
    looked.drops_picture = !person->picture.empty() && identity::reaches(tx, looked.rights, People, id);
    looked.held = identity::delegations_of(tx, id, now);
    looked.places = identity::structures_named(tx, looked.rights.roots(People));
    std::vector<Subject> subjects;
    for (const auto& held : looked.held)
        if (held.structure) subjects.push_back(subject(held.structure));
    looked.names = identity::names_of(tx, subjects);
    looked.sessions = store::session_count(tx, id, now);
    looked.has_factor = identity::factors_of(tx, id).second();
    if (identity::reaches(tx, looked.rights, Support, id)) looked.things = store::things_of(tx, id);
    if (portal.spaces.of_person) looked.space = portal.spaces.of_person(tx, id);
    looked.journal = journal_about(tx, locale, id, viewer.zone, journal_lines);
    return looked;
}

std::string dates_of(const web::Locale& locale, const identity::Attachment& attachment, std::string_view zone) {
    std::string dates;
    if (attachment.from_at) dates = locale.text("admin.from_day", {{"day", locale.date(attachment.from_at, zone)}});
    if (attachment.until_at) {
        const auto last = attachment.state == State::Over ? *attachment.until_at : *attachment.until_at - 1;
        dates += (dates.empty() ? "" : " ") + locale.text("admin.until_day", {{"day", locale.date(last, zone)}});
    }
    return dates;
}

std::vector<FunctionLine> function_lines(const web::Locale& locale, const Looked& looked, std::string_view zone) {
    std::vector<FunctionLine> lines;
    for (std::size_t i = 0; i < looked.functions.size(); ++i) {
        const auto& [attachment, place] = looked.functions[i];
        const auto* state = attachment.state == State::InForce  ? "admin.in_force"
                            : attachment.state == State::ToCome ? "admin.to_come"
                                                                : "admin.over";
        lines.push_back({.structure = to_text(attachment.structure),
                         .structure_name = place,
                         .function = attachment.function,
                         .function_name = function_words(locale, attachment.function),
                         .from_key = std::to_string(attachment.from_at),
                         .dates = dates_of(locale, attachment, zone),
                         .state = locale.text(state),
                         .until = day_text(attachment.until_at, DayEdge::End, zone),
                         .running = attachment.state != State::Over,
                         .mine = looked.mine[i] && attachment.state != State::Over,
                         .over = attachment.state == State::Over});
    }
    return lines;
}

PersonView view_of(const web::Locale& locale, const Viewer& viewer, Looked looked) {
    const auto& zone = viewer.zone;
    PersonView view{.side = admin_side(looked.rights),
                    .id = to_text(looked.person.id),
                    .name = looked.person.name,
                    .login = looked.person.login,
                    .mail = looked.person.mail,
                    .created = locale.date(looked.person.created_at, zone),
                    .face = sharing::face_of(looked.person.id, looked.person.name,
                                             looked.person.disabled ? "" : looked.person.picture),
                    .closed = looked.person.disabled,
                    .admin = looked.person.admin,
                    .may_drop_picture = looked.drops_picture,
                    .functions = function_lines(locale, looked, zone),
                    .no_functions = looked.functions.empty(),
                    .many_functions = std::ssize(looked.functions) == most_functions,
                    .gives = looked.rights.holds(People) && !looked.person.disabled,
                    .commands = looked.commands,
                    .everything = looked.rights.everything,
                    .can_close = looked.person.id != viewer.person,
                    .choices = function_choices(locale, "", "admin.choose"),
                    .sessions = locale.plural("admin.sessions", looked.sessions),
                    .factors = locale.text(looked.has_factor ? "admin.factor_there" : "admin.factor_none"),
                    .has_factor = looked.has_factor,
                    .journal = std::move(looked.journal)};
    view.side.people = true;
    for (const auto& place : looked.places) view.places.push_back({.value = place.name});
    if (looked.space) {
        view.has_space = true;
        view.used = locale.size(looked.space->used);
        view.limit = locale.size(looked.space->limit);
        view.limit_gigabytes = std::to_string(looked.space->limit / gigabyte);
    }
    for (const auto& held : looked.held)
        view.held.push_back(
            {.role = role_words(locale, held.role),
             .place = held.structure ? looked.names[subject(held.structure)].name : locale.text("admin.everywhere"),
             .until = held.until_at ? locale.text("admin.until_day", {{"day", locale.date(*held.until_at - 1, zone)}})
                                    : std::string{}});
    for (const auto& thing : looked.things) {
        const auto key = "admin.things_" + thing.kind;
        view.things.push_back(
            {.name = locale.has(key) ? locale.text(key) : thing.kind, .count = locale.number(thing.count)});
    }
    return view;
}

std::string done_words(const web::Locale& locale, const http::Request& request) {
    const auto key = "admin.did_" + query_text(request, "did");
    return request.has_query("did") && locale.has(key) ? locale.text(key) : std::string{};
}

struct FunctionAnswer {
    std::string structure, structure_name, function, state;
    Millis from = 0;
    std::optional<Millis> until;
};
PREAU_DESCRIBE(FunctionAnswer, structure, structure_name, function, state, from, until)
struct PersonAnswer {
    identity::Person person;
    std::vector<FunctionAnswer> functions;
    std::vector<identity::Delegation> delegations;
    std::vector<KindCount> things;
    std::int64_t sessions = 0;
    bool second_factor = false; // has one
    std::optional<std::int64_t> used, limit;
};
PREAU_DESCRIBE(PersonAnswer, person, functions, delegations, things, sessions, second_factor, used, limit)

http::Response json_of(Looked looked) {
    PersonAnswer answer{.person = std::move(looked.person),
                        .delegations = std::move(looked.held),
                        .things = std::move(looked.things),
                        .sessions = looked.sessions,
                        .second_factor = looked.has_factor};
    for (auto& [attachment, place] : looked.functions)
        answer.functions.push_back({.structure = to_text(attachment.structure),
                                    .structure_name = std::move(place),
                                    .function = std::move(attachment.function),
                                    .state = attachment.state == State::InForce  ? "in force"
                                             : attachment.state == State::ToCome ? "to come"
                                                                                 : "over",
                                    .from = attachment.from_at,
                                    .until = attachment.until_at});
    if (looked.space) {
        answer.used = looked.space->used;
        answer.limit = looked.space->limit;
    }
    return http::json_response(json::text_of(answer));
}

} // namespace

Task<http::Response> person_page(Portal& portal, http::Request& request, PersonId id, std::optional<Error> problem,
                                 std::string link) {
    const auto viewer = sharing::viewer(request);
    const auto* locale = &web::Locale::of(sharing::language(request));
    auto looked = co_await portal.db.read([&portal, viewer, locale, id, now = portal.world.clock.now()](db::Tx& tx) {
        return look(tx, portal, viewer, *locale, id, now);
    });
    if (!looked) co_return portal.gate.refusal(request, problem ? *problem : looked.error());
    if (request.wants_json()) co_return json_of(std::move(*looked));
    auto view = view_of(*locale, viewer, std::move(*looked));
    if (problem) view.problem = locale->message(*problem);
    view.link = std::move(link);
    view.done = done_words(*locale, request);
    auto shell = admin_shell(request, "admin.people");
    shell.title = view.name;
    co_return portal.pages.page(shell, person_template, view, problem ? http::status_of(*problem) : 200);
}

void preload_person(web::Pages& pages) { pages.preload<PersonView>(person_template); }

namespace {
Task<http::Response> show_person(Portal& portal, http::Request& request) {
    const auto id = parse_id<PersonId>(request.parameter("person")).value_or(PersonId{});
    co_return co_await person_page(portal, request, id, std::nullopt);
}
} // namespace

void person_page_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/people/{person}", [&portal](http::Request& request) { return show_person(portal, request); });
}

} // namespace preau::portal
