// Closing (asked once more, with numbers), undoing, opening again, opening new classes, naming who teaches them. The
// same over JSON below /api/structures/ID/year.
#include "portal/year/year.hpp"

#include "base/json.hpp"
#include "sharing/answers.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view confirm_template = "portal/year/year_confirm_page.html";

struct EndingLine {
    std::string id, name, detail, ends; // ends: "27 liens de familles · 4 partages avec l’équipe"
};
PREAU_DESCRIBE(EndingLine, id, name, detail, ends)

struct YearConfirmView {
    std::string id, structure, question, families, year, problem;
    std::vector<EndingLine> classes;
    bool asks_year = false; // some classes say none themselves
};
PREAU_DESCRIBE(YearConfirmView, id, structure, question, families, year, problem, classes, asks_year)

struct ReopenedJson {
    std::int64_t classes = 0;
};
PREAU_DESCRIBE(ReopenedJson, classes)
struct OpenedJson {
    std::vector<GroupId> classes;
};
PREAU_DESCRIBE(OpenedJson, classes)

std::vector<GroupId> classes_in(const sharing::Fields& fields) {
    std::vector<GroupId> classes;
    for (const auto& text : fields.all("what"))
        if (auto id = parse_id<GroupId>(text)) classes.push_back(*id);
    return classes;
}

Task<YearHold> hold(Portal& portal, StructureId structure, std::vector<GroupId> classes) {
    co_return co_await portal.db.read(
        [structure, classes](db::Tx& tx) { return hold_classes(tx, structure, classes); });
}

// ---- Closing.

struct Ending {
    identity::Structure structure;
    std::vector<identity::SchoolClass> classes;
    std::vector<sharing::ClassReach> reaches; // by id
};

Result<Ending> look_at(db::Tx& tx, const Portal& portal, const Viewer& viewer, StructureId structure,
                       std::vector<GroupId> classes, bool all) {
    Ending ending{.structure = TRY(require_year(tx, portal, viewer, structure))};
    if (all) {
        constexpr int most = identity::most_classes_at_once;
        classes.clear();
        for (const auto& one : identity::open_classes(tx, structure, {}, most)) classes.push_back(one.id);
    }
    ending.classes = TRY(identity::classes_named(tx, structure, classes));
    // What somebody else closed since the list was shown is not asked about.
    std::erase_if(ending.classes, &identity::SchoolClass::closed);
    if (ending.classes.empty()) return fail(Error::Kind::Conflict, "identity.class_closed_already");
    classes.clear();
    for (const auto& one : ending.classes) classes.push_back(one.id);
    ending.reaches = sharing::reach_of_classes(tx, classes);
    return ending;
}

YearConfirmView confirm_view(const Portal& portal, const web::Locale& locale, const Ending& ending,
                             std::string_view year) {
    YearConfirmView view{.id = to_text(ending.structure.id),
                         .structure = ending.structure.name,
                         .question = locale.plural("year.question", std::ssize(ending.classes)),
                         .year = year.empty() ? years_now(portal, ending.structure).ending : std::string{year}};
    std::int64_t links = 0, pupils = 0;
    for (const auto& one : ending.classes) {
        const auto found = std::ranges::find(ending.reaches, one.id, &sharing::ClassReach::id);
        const auto reach = found == ending.reaches.end() ? sharing::ClassReach{} : *found;
        links += reach.links;
        pupils += one.pupils;
        view.asks_year |= one.year.empty();
        view.classes.push_back({.id = to_text(one.id),
                                .name = one.name,
                                .detail = class_detail(locale, one),
                                .ends = locale.plural("year.ends_links", reach.links) + " · " +
                                        locale.plural("year.ends_places", reach.places)});
    }
    view.families = locale.text("year.families", {{"pupils", locale.plural("portal.pupils", pupils)},
                                                  {"links", locale.plural("year.ends_links", links)}});
    return view;
}

Task<http::Response> confirm(Portal& portal, http::Request& request, std::vector<GroupId> classes, bool all,
                             std::string year, std::optional<Error> problem) {
    auto ending = co_await portal.db.read(
        [&portal, viewer = sharing::viewer(request), structure = structure_of_year(request), classes, all](db::Tx& tx) {
            return look_at(tx, portal, viewer, structure, classes, all);
        });
    if (!ending) {
        const auto kind = ending.error().kind;
        if (kind != Error::Kind::Invalid && kind != Error::Kind::Conflict)
            co_return portal.gate.refusal(request, ending.error());
        co_return co_await year_page(portal, request, {.problem = ending.error()});
    }
    const auto& locale = sharing::words_of(request);
    auto view = confirm_view(portal, locale, *ending, year);
    if (problem) view.problem = locale.message(*problem);
    co_return portal.pages.page(sharing::shell(request, view.question), confirm_template, view,
                                problem ? http::status_of(*problem) : 200);
}

Task<http::Response> post_choose(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    co_return co_await confirm(portal, request, classes_in(*fields), fields->has("all"), {}, std::nullopt);
}

Task<http::Response> post_close(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto structure = structure_of_year(request);
    const std::string year{fields->value("year")};
    const auto held = co_await hold(portal, structure, classes_in(*fields));
    auto work = [&portal, viewer = sharing::viewer(request), held, year](db::Tx& tx) {
        return close_year(tx, portal, viewer, held, year);
    };
    auto closed = co_await portal.db.write_across(held.lanes(), std::move(work));
    if (closed) {
        const auto there =
            year_address(structure) + "?closed=" + to_text(closed->closing) + "&n=" + std::to_string(closed->classes);
        co_return sharing::done(request, there, json::text_of(*closed));
    }
    const auto kind = closed.error().kind;
    if (request.wants_json() || (kind != Error::Kind::Invalid && kind != Error::Kind::Conflict))
        co_return portal.gate.refusal(request, closed.error());
    co_return co_await confirm(portal, request, held.classes, false, year, closed.error());
}

// ---- Coming back.

http::Response reopened(const http::Request& request, StructureId structure, std::int64_t classes) {
    return sharing::done(request, year_address(structure) + "?reopened=" + std::to_string(classes),
                         json::text_of(ReopenedJson{classes}));
}

Task<http::Response> post_undo(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto structure = structure_of_year(request);
    const auto closing = parse_id<identity::ClosingId>(fields->value("closing")).value_or(identity::ClosingId{});
    const auto held = co_await portal.db.read([structure, closing](db::Tx& tx) {
        return hold_classes(tx, structure, identity::classes_of_closing(tx, structure, closing));
    });
    auto work = [&portal, viewer = sharing::viewer(request), held, closing](db::Tx& tx) {
        return undo_year(tx, portal, viewer, held, closing);
    };
    auto opened = co_await portal.db.write_across(held.lanes(), std::move(work));
    if (opened) co_return reopened(request, structure, *opened);
    if (request.wants_json() || opened.error().kind != Error::Kind::Conflict)
        co_return portal.gate.refusal(request, opened.error());
    co_return co_await year_page(portal, request, {.problem = opened.error()});
}

Task<http::Response> post_reopen(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto structure = structure_of_year(request);
    const auto held = co_await hold(portal, structure, classes_in(*fields));
    auto work = [&portal, viewer = sharing::viewer(request), held](db::Tx& tx) {
        return reopen_year(tx, portal, viewer, held);
    };
    auto opened = co_await portal.db.write_across(held.lanes(), std::move(work));
    if (opened) co_return reopened(request, structure, *opened);
    const auto kind = opened.error().kind;
    if (request.wants_json() || (kind != Error::Kind::Invalid && kind != Error::Kind::Conflict))
        co_return portal.gate.refusal(request, opened.error());
    co_return co_await archives_page(portal, request, opened.error());
}

// ---- New ones.

Task<http::Response> post_open(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const identity::Opening opening{.structure = structure_of_year(request),
                                    .names = std::string{fields->value("names")},
                                    .year = std::string{fields->value("year")}};
    auto work = [&portal, viewer = sharing::viewer(request), opening](db::Tx& tx) {
        return open_year(tx, portal, viewer, opening);
    };
    auto opened = co_await portal.db.write(db::lane_of(opening.structure), std::move(work));
    if (opened)
        co_return sharing::done(request, year_address(opening.structure) + "?opened=" + std::to_string(opened->size()),
                                json::text_of(OpenedJson{*std::move(opened)}));
    co_return co_await year_page(portal, request,
                                 {.names = opening.names, .year = opening.year, .problem = opened.error()});
}

Task<http::Response> post_staff(Portal& portal, http::Request& request) {
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const std::string login{fields->value("login")}, chosen{fields->value("class")};
    const YearHold held{.structure = structure_of_year(request),
                        .classes = {parse_id<GroupId>(chosen).value_or(GroupId{})}};
    auto work = [&portal, viewer = sharing::viewer(request), held, login](db::Tx& tx) {
        return name_staff(tx, portal, viewer, held, login);
    };
    auto named = co_await portal.db.write_across(held.lanes(), std::move(work));
    if (!named)
        co_return co_await year_page(portal, request, {.login = login, .chosen = chosen, .problem = named.error()});
    portal.identity.forget(*named);
    co_return sharing::done(request, year_address(held.structure) + "?named=1");
}

} // namespace

void preload_year_acts(web::Pages& pages) { pages.preload<YearConfirmView>(confirm_template); }

void year_act_routes(http::Router& routes, Portal& portal) {
    const http::Rule writing{.access = http::Access::Member, .body_limit = 32 * 1024, .rate = http::Rate::Write};
    routes.post("/structures/{structure}/year/choose", writing,
                [&portal](http::Request& request) { return post_choose(portal, request); });
    for (std::string root : {"/structures/{structure}/year", "/api/structures/{structure}/year"}) {
        routes.post(root + "/close", writing,
                    [&portal](http::Request& request) { return post_close(portal, request); });
        routes.post(root + "/undo", writing, [&portal](http::Request& request) { return post_undo(portal, request); });
        routes.post(root + "/reopen", writing,
                    [&portal](http::Request& request) { return post_reopen(portal, request); });
        routes.post(root + "/open", writing, [&portal](http::Request& request) { return post_open(portal, request); });
        routes.post(root + "/staff", writing,
                    [&portal](http::Request& request) { return post_staff(portal, request); });
    }
}

} // namespace preau::portal
