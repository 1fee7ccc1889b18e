// /admin/people: everybody, or those in a part of the tree, by name, function and state, a page at a time.
#include "portal/people/people_admin.hpp"

#include "base/json.hpp"
#include "identity/directory.hpp"
#include "portal/admin/part.hpp"
#include "sharing/face.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

struct PersonLine {
    std::string id, name, login, detail;
    sharing::Face face;
    bool closed = false, admin = false;
};
PREAU_DESCRIBE(PersonLine, id, name, login, detail, face, closed, admin)

struct PeopleView {
    AdminSide side;
    std::string done;
    std::string typed;
    std::vector<AdminChoice> functions, states, roots;
    bool has_roots = false;
    bool filtered = false;
    bool may_create = false;
    std::vector<PersonLine> rows;
    bool some = false;
    std::string next;
};
PREAU_DESCRIBE(PeopleView, side, done, typed, functions, states, roots, has_roots, filtered, may_create, rows, some,
               next)

struct PeopleAnswer { // of the API
    std::vector<identity::PersonRow> people;
    std::optional<std::string> next; // for `after`
};
PREAU_DESCRIBE(PeopleAnswer, people, next)

constexpr std::string_view people_page = "portal/people/people_page.html";
constexpr int rows_per_page = 50;
using State = identity::PeopleFilter::State;

struct Asked {
    identity::PeopleFilter filter;
    identity::PeopleKey after;
    std::string structure, state;
};

Asked asked(const http::Request& request) {
    Asked asked{.structure = query_text(request, "structure"), .state = query_text(request, "state")};
    asked.filter.typed = query_text(request, "q");
    asked.filter.function = query_text(request, "function");
    asked.filter.structure = parse_id<StructureId>(asked.structure).value_or(StructureId{});
    asked.filter.state = asked.state == "open" ? State::Open : asked.state == "closed" ? State::Closed : State::Any;
    auto [sort, id] = page_key_of(request);
    asked.after = {std::move(sort), PersonId{id}};
    return asked;
}

struct Listed {
    identity::Rights rights;
    identity::PeopleFilter filter;
    identity::PeoplePage page;
    std::map<Subject, identity::Named> names;
    Part part;
};

// In the roles of people and of support; of no structure, the first that one administers.
Result<Listed> list(db::Tx& tx, const Viewer& viewer, const Asked& asked, Millis now) {
    using enum identity::AdminRole;
    Listed listed{.rights = TRY(require_rights(tx, viewer.person, now)), .filter = asked.filter};
    auto roots = listed.rights.roots(People);
    for (auto root : listed.rights.roots(Support))
        if (std::ranges::find(roots, root) == roots.end()) roots.push_back(root);
    if (roots.empty()) return forbidden("admin.not_yours");
    auto& structure = listed.filter.structure;
    if (!structure) structure = roots.front();
    if (!identity::may(tx, listed.rights, People, structure) && !identity::may(tx, listed.rights, Support, structure))
        return forbidden("admin.not_yours");
    listed.part = part_of(tx, roots, structure);
    listed.page = identity::list_people(tx, listed.filter, asked.after, rows_per_page);
    std::vector<Subject> subjects;
    for (const auto& row : listed.page.rows) subjects.push_back(subject(row.id));
    listed.names = identity::names_of(tx, subjects);
    return listed;
}

std::string next_of(const Asked& asked, const identity::PeopleKey& key) {
    return with_query("/admin/people", {{"q", asked.filter.typed},
                                        {"structure", asked.structure},
                                        {"function", asked.filter.function},
                                        {"state", asked.state},
                                        {"after", page_key(key.sort, key.id.value)}});
}

PeopleView view_of(const web::Locale& locale, const Asked& asked, Listed listed) {
    PeopleView view{.side = admin_side(listed.rights),
                    .typed = asked.filter.typed,
                    .functions = function_choices(locale, asked.filter.function, "admin.any_function"),
                    .filtered = !asked.filter.typed.empty() || !asked.filter.function.empty() || !asked.state.empty() ||
                                !asked.structure.empty(),
                    .may_create = listed.rights.holds(identity::AdminRole::People),
                    .some = !listed.page.rows.empty()};
    view.side.people = true;
    for (auto state : {"", "open", "closed"})
        view.states.push_back({.value = state,
                               .text = locale.text("admin.state_" + std::string{*state ? state : "any"}),
                               .chosen = asked.state == state});
    view.roots = part_choices(locale, listed.part);
    view.has_roots = view.roots.size() > 1;
    for (const auto& row : listed.page.rows) {
        const auto& named = listed.names[subject(row.id)];
        auto detail = function_words(locale, named.function);
        if (!named.place.empty()) detail += (detail.empty() ? "" : " · ") + named.place;
        view.rows.push_back({.id = to_text(row.id),
                             .name = row.name,
                             .login = row.login,
                             .detail = detail,
                             .face = sharing::face_of(row.id, row.name, row.disabled ? "" : row.picture),
                             .closed = row.disabled,
                             .admin = row.admin});
    }
    if (listed.page.next) view.next = next_of(asked, *listed.page.next);
    return view;
}

Task<http::Response> show_people(Portal& portal, http::Request& request) {
    const auto question = asked(request);
    auto listed = co_await portal.db.read([viewer = sharing::viewer(request), question, now = portal.world.clock.now()](
                                              db::Tx& tx) { return list(tx, viewer, question, now); });
    if (!listed) co_return portal.gate.refusal(request, listed.error());
    if (request.wants_json()) {
        PeopleAnswer answer{.people = std::move(listed->page.rows)};
        if (listed->page.next) answer.next = page_key(listed->page.next->sort, listed->page.next->id.value);
        co_return http::json_response(json::text_of(answer));
    }
    const auto& locale = web::Locale::of(sharing::language(request));
    co_return portal.pages.page(admin_shell(request, "admin.people"), people_page,
                                view_of(locale, question, std::move(*listed)));
}

} // namespace

std::vector<AdminChoice> function_choices(const web::Locale& locale, std::string_view chosen,
                                          std::string_view none_key) {
    std::vector<AdminChoice> choices;
    if (!none_key.empty()) choices.push_back({.text = locale.text(none_key), .chosen = chosen.empty()});
    for (auto& function : identity::functions_in_use()) {
        const bool here = function == chosen;
        auto text = function_words(locale, function);
        choices.push_back({.value = std::move(function), .text = std::move(text), .chosen = here});
    }
    return choices;
}

void preload_people_list(web::Pages& pages) { pages.preload<PeopleView>(people_page); }

void people_list_routes(http::Router& routes, Portal& portal) {
    admin_get(routes, "/people", [&portal](http::Request& request) { return show_people(portal, request); });
}

void preload_people(web::Pages& pages) {
    preload_people_list(pages);
    preload_person(pages);
    preload_person_new(pages);
}

void people_routes(http::Router& routes, Portal& portal) {
    people_list_routes(routes, portal);
    person_page_routes(routes, portal);
    person_act_routes(routes, portal);
}

} // namespace preau::portal
