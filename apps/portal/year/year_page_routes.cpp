// The two lists: classes that are open, and the archives of a year.
#include "portal/year/year.hpp"

#include "base/json.hpp"
#include "portal/admin/admin.hpp"
#include "sharing/answers.hpp"

#include <charconv>

namespace preau::portal {
namespace {

constexpr std::string_view open_template = "portal/year/year_page.html";
constexpr std::string_view archives_template = "portal/year/archives_page.html";
constexpr int per_page = 100;

struct ClassLine {
    std::string id, name, detail, choose; // "Choisir 6e B"
    bool unstaffed = false;
};
PREAU_DESCRIBE(ClassLine, id, name, detail, choose, unstaffed)

struct YearView {
    std::string id, structure, notice, undo, problem, names_problem, year_problem, login_problem;
    std::vector<ClassLine> classes;
    std::vector<AdminChoice> choices; // of whom to name somebody for
    bool some = false, has_archives = false, has_last = false;
    std::string next, names, year, login;
};
PREAU_DESCRIBE(YearView, id, structure, notice, undo, problem, names_problem, year_problem, login_problem, classes,
               choices, some, has_archives, has_last, next, names, year, login)

struct ArchivesView {
    std::string id, structure, problem, year, heading, next;
    std::vector<AdminChoice> years;
    std::vector<ClassLine> classes;
    bool some = false;
};
PREAU_DESCRIBE(ArchivesView, id, structure, problem, year, heading, next, years, classes, some)

struct ClassJson {
    GroupId id;
    std::string name, year;
    std::int64_t pupils = 0, staff = 0;
};
PREAU_DESCRIBE(ClassJson, id, name, year, pupils, staff)
struct ClassesJson {
    std::vector<ClassJson> classes;
    std::vector<std::string> years; // of the archives
    std::optional<std::string> next;
};
PREAU_DESCRIBE(ClassesJson, classes, years, next)

struct Listed {
    identity::Structure structure;
    std::vector<identity::SchoolClass> classes;
    std::vector<std::string> years;
    std::string year, next, last; // last: names of the latest closed year
    bool undoable = false;        // the act that the address names
};

void cut_page(Listed& listed) {
    if (std::ssize(listed.classes) <= per_page) return;
    listed.classes.resize(per_page);
    listed.next = page_key(listed.classes.back().sort, listed.classes.back().id.value);
}

struct Asked {
    StructureId structure;
    identity::ClassKey after;
    std::string year;
    identity::ClosingId closing;
};

Asked asked_in(const http::Request& request) {
    auto [sort, id] = page_key_of(request);
    return {.structure = structure_of_year(request),
            .after = {std::move(sort), GroupId{id}},
            .year = query_text(request, "year"),
            .closing = parse_id<identity::ClosingId>(request.query("closed")).value_or(identity::ClosingId{})};
}

Result<Listed> list_open(db::Tx& tx, const Portal& portal, const Viewer& viewer, const Asked& asked) {
    Listed listed{.structure = TRY(require_year(tx, portal, viewer, asked.structure))};
    listed.classes = identity::open_classes(tx, asked.structure, asked.after, per_page + 1);
    listed.years = identity::closed_years(tx, asked.structure);
    listed.last = identity::last_names(tx, asked.structure);
    if (const auto at = asked.closing ? identity::closed_at(tx, asked.structure, asked.closing) : std::nullopt)
        listed.undoable = *at + identity::closing_undone_within > portal.world.clock.now() &&
                          !identity::classes_of_closing(tx, asked.structure, asked.closing).empty();
    cut_page(listed);
    return listed;
}

Result<Listed> list_closed(db::Tx& tx, const Portal& portal, const Viewer& viewer, const Asked& asked) {
    Listed listed{.structure = TRY(require_year(tx, portal, viewer, asked.structure))};
    listed.years = identity::closed_years(tx, asked.structure);
    listed.year = asked.year.empty() && !listed.years.empty() ? listed.years.front() : asked.year;
    listed.classes = identity::closed_classes(tx, asked.structure, listed.year, asked.after, per_page + 1);
    cut_page(listed);
    return listed;
}

std::vector<ClassLine> lines_of(const web::Locale& locale, const Listed& listed) {
    std::vector<ClassLine> lines;
    for (const auto& one : listed.classes)
        lines.push_back({.id = to_text(one.id),
                         .name = one.name,
                         .detail = class_detail(locale, one),
                         .choose = locale.text("year.choose", {{"name", one.name}}),
                         .unstaffed = one.staff == 0});
    return lines;
}

http::Response json_of(const Listed& listed) {
    ClassesJson json{.years = listed.years};
    for (const auto& one : listed.classes) json.classes.push_back({one.id, one.name, one.year, one.pupils, one.staff});
    if (!listed.next.empty()) json.next = listed.next;
    return http::json_response(json::text_of(json));
}

// "?closed=ID&n=3", "?reopened=3", "?opened=30", "?named=1": what the act before this page did.
std::string notice_of(const http::Request& request, const web::Locale& locale) {
    auto number = [&](std::string_view name) {
        const auto text = request.query(name);
        std::int64_t many = 0;
        std::from_chars(text.data(), text.data() + text.size(), many);
        return many;
    };
    if (request.has_query("closed")) return locale.plural("year.did_close", number("n"));
    if (request.has_query("reopened")) return locale.plural("year.did_reopen", number("reopened"));
    if (request.has_query("opened")) return locale.plural("year.did_open", number("opened"));
    if (request.has_query("named")) return locale.text("year.did_name");
    return {};
}

void say_problem(YearView& view, const web::Locale& locale, const Error& problem) {
    const auto words = locale.message(problem);
    (problem.field == "names"   ? view.names_problem
     : problem.field == "year"  ? view.year_problem
     : problem.field == "login" ? view.login_problem
                                : view.problem) = words;
}

} // namespace

StructureId structure_of_year(const http::Request& request) {
    return parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
}

std::string year_address(StructureId structure) { return "/structures/" + to_text(structure) + "/year"; }

identity::SchoolYears years_now(const Portal& portal, const identity::Structure& structure) {
    return identity::school_years_on(day_text(portal.world.clock.now(), DayEdge::Begin, structure.zone));
}

std::string class_detail(const web::Locale& locale, const identity::SchoolClass& one) {
    auto detail = locale.plural("portal.pupils", one.pupils) + " · " + locale.plural("group.members", one.staff);
    return one.year.empty() ? detail : one.year + " · " + detail;
}

Task<http::Response> year_page(Portal& portal, http::Request& request, YearSaid said) {
    auto listed = co_await portal.db.read([&portal, viewer = sharing::viewer(request), asked = asked_in(request)](
                                              db::Tx& tx) { return list_open(tx, portal, viewer, asked); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    if (request.wants_json()) {
        if (said.problem) co_return portal.gate.refusal(request, *said.problem);
        co_return json_of(*listed);
    }
    const auto& locale = sharing::words_of(request);
    YearView view{.id = to_text(listed->structure.id),
                  .structure = listed->structure.name,
                  .notice = said.problem ? std::string{} : notice_of(request, locale),
                  .undo = listed->undoable ? std::string{request.query("closed")} : std::string{},
                  .classes = lines_of(locale, *listed),
                  .has_archives = !listed->years.empty(),
                  .has_last = !listed->last.empty(),
                  .names = request.has_query("last") && said.names.empty() ? listed->last : said.names,
                  .year = said.year.empty() ? years_now(portal, listed->structure).beginning : said.year,
                  .login = said.login};
    view.some = !view.classes.empty();
    for (const auto& one : view.classes) view.choices.push_back({one.id, one.name, one.id == said.chosen});
    if (!listed->next.empty()) view.next = with_query(year_address(listed->structure.id), {{"after", listed->next}});
    if (said.problem) say_problem(view, locale, *said.problem);
    auto shell = sharing::shell(request, locale.text("year.title"));
    shell.component = "sharing/choose-many";
    co_return portal.pages.page(shell, open_template, view, said.problem ? http::status_of(*said.problem) : 200);
}

Task<http::Response> archives_page(Portal& portal, http::Request& request, std::optional<Error> problem) {
    auto listed = co_await portal.db.read([&portal, viewer = sharing::viewer(request), asked = asked_in(request)](
                                              db::Tx& tx) { return list_closed(tx, portal, viewer, asked); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    if (request.wants_json()) {
        if (problem) co_return portal.gate.refusal(request, *problem);
        co_return json_of(*listed);
    }
    const auto& locale = sharing::words_of(request);
    const auto address = year_address(listed->structure.id) + "/archives";
    ArchivesView view{.id = to_text(listed->structure.id),
                      .structure = listed->structure.name,
                      .problem = problem ? locale.message(*problem) : std::string{},
                      .year = listed->year,
                      .heading = locale.text("year.archives_of", {{"year", listed->year}}),
                      .classes = lines_of(locale, *listed)};
    view.some = !view.classes.empty();
    for (const auto& year : listed->years)
        view.years.push_back({with_query(address, {{"year", year}}), year, year == listed->year});
    if (!listed->next.empty()) view.next = with_query(address, {{"year", listed->year}, {"after", listed->next}});
    auto shell = sharing::shell(request, locale.text("year.archives"));
    shell.component = "sharing/choose-many";
    co_return portal.pages.page(shell, archives_template, view, problem ? http::status_of(*problem) : 200);
}

namespace {
Task<http::Response> show_open(Portal& portal, http::Request& request) {
    co_return co_await year_page(portal, request, {});
}
Task<http::Response> show_archives(Portal& portal, http::Request& request) {
    co_return co_await archives_page(portal, request, std::nullopt);
}
} // namespace

void preload_year(web::Pages& pages) {
    pages.preload<YearView>(open_template);
    pages.preload<ArchivesView>(archives_template);
    preload_year_acts(pages);
}

void year_routes(http::Router& routes, Portal& portal) {
    const http::Rule reading{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    for (std::string root : {"/structures", "/api/structures"}) {
        routes.get(root + "/{structure}/year", reading,
                   [&portal](http::Request& request) { return show_open(portal, request); });
        routes.get(root + "/{structure}/year/archives", reading,
                   [&portal](http::Request& request) { return show_archives(portal, request); });
    }
    year_act_routes(routes, portal);
}

} // namespace preau::portal
