#include "portal/directory/find_people.hpp"

#include "base/json.hpp"
#include "identity/attachments.hpp"
#include "identity/directory.hpp"
#include "identity/groups.hpp"
#include "identity/people_list.hpp"
#include "identity/profile.hpp"
#include "identity/structure_detail.hpp"
#include "portal/admin/admin.hpp"
#include "portal/people/people_admin.hpp"
#include "sharing/answers.hpp"
#include "sharing/face.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

constexpr std::string_view directory_template = "portal/directory/directory_page.html";
constexpr int rows_per_page = 50;
constexpr int most_places = 5; // structures of the name that was typed
constexpr int most_groups = 100;
constexpr std::string_view everywhere = "all";

struct FoundLine {
    std::string id, name, detail;
    sharing::Face face;
};
PREAU_DESCRIBE(FoundLine, id, name, detail, face)

struct PlaceLine {
    std::string id, name, kind;
};
PREAU_DESCRIBE(PlaceLine, id, name, kind)

struct DirectoryView {
    std::string typed, next, anywhere; // the last: the same without the structure, where nobody was found
    std::vector<AdminChoice> places, functions;
    std::vector<FoundLine> rows;
    std::vector<PlaceLine> structures, groups;
    bool staff = false, some = false, some_structures = false, some_groups = false, filtered = false;
};
PREAU_DESCRIBE(DirectoryView, typed, next, anywhere, places, functions, rows, structures, groups, staff, some,
               some_structures, some_groups, filtered)

struct FoundJson {
    std::string id, name, function, place, picture;
};
PREAU_DESCRIBE(FoundJson, id, name, function, place, picture)
struct DirectoryAnswer {
    std::vector<FoundJson> people;
    std::optional<std::string> next; // for `after`
};
PREAU_DESCRIBE(DirectoryAnswer, people, next)

struct Asked {
    identity::PeopleFilter filter{.state = identity::PeopleFilter::State::Open,
                                  .by = identity::PeopleFilter::Typed::Name};
    std::string where; // as it was said: an id, "all", or nothing
    identity::PeopleKey after;
};

Asked asked_in(const http::Request& request) {
    Asked asked{.where = query_text(request, "structure")};
    asked.filter.typed = query_text(request, "q");
    asked.filter.function = query_text(request, "function");
    auto [sort, id] = page_key_of(request);
    asked.after = {std::move(sort), PersonId{id}};
    return asked;
}

struct Listed {
    bool staff = false;
    identity::PeopleFilter filter;
    std::vector<identity::StructureRow> places; // to choose from, the one that the list is of among them
    std::vector<identity::StructureRow> structures; // whose name was typed
    identity::PeoplePage page;
    std::map<Subject, identity::Named> names;
    std::vector<identity::GroupCard> groups;
};

// Where somebody works and all that stands above: an école, its académie, the ministry.
std::vector<StructureId> places_of(db::Tx& tx, const Viewer& viewer) {
    std::vector<StructureId> places;
    const auto add = [&places](StructureId place) {
        if (std::ranges::find(places, place) == places.end()) places.push_back(place);
    };
    constexpr int most = 10;
    for (const auto& line : identity::functions_of(tx, viewer.person, most))
        if (line.attachment.state == identity::Attachment::State::InForce) add(line.attachment.structure);
    if (places.empty()) return places;
    auto above = identity::structures_above(tx, places.front());
    for (auto it = above.rbegin(); it != above.rend(); ++it) add(it->id);
    return places;
}

// In the order of the ids, which structures_named does not keep.
std::vector<identity::StructureRow> rows_of(db::Tx& tx, const std::vector<StructureId>& ids) {
    auto rows = identity::structures_named(tx, ids);
    std::ranges::sort(rows, {}, [&](const auto& row) { return std::ranges::find(ids, row.id) - ids.begin(); });
    return rows;
}

// A constant number of queries. Nothing said: where one works, which is whom one looks for most.
Listed list(db::Tx& tx, const Viewer& viewer, const Asked& asked) {
    Listed listed{.staff = identity::is_staff(viewer), .filter = asked.filter};
    if (!listed.staff) {
        listed.groups = identity::my_groups(tx, viewer.person, {}, most_groups);
        return listed;
    }
    auto places = places_of(tx, viewer);
    auto& structure = listed.filter.structure;
    structure = parse_id<StructureId>(asked.where).value_or(StructureId{});
    const bool nothing_said = asked.where.empty() && asked.filter.typed.empty() && asked.filter.function.empty();
    if (nothing_said && !places.empty()) structure = places.front();
    if (structure && std::ranges::find(places, structure) == places.end()) places.insert(places.begin(), structure);
    listed.places = rows_of(tx, places);
    listed.page = identity::list_people(tx, listed.filter, asked.after, rows_per_page);
    // Guests are found by those who invited them, in their groups.
    std::erase_if(listed.page.rows, [](const auto& row) { return row.guest; });
    std::vector<Subject> subjects;
    for (const auto& row : listed.page.rows) subjects.push_back(subject(row.id));
    listed.names = identity::names_of(tx, subjects);
    if (!asked.filter.typed.empty() && asked.after.sort.empty())
        listed.structures = identity::search_structures(tx, asked.filter.typed, {StructureId{}}, {}, most_places).rows;
    return listed;
}

std::string next_of(const Asked& asked, const Listed& listed) {
    if (!listed.page.next) return {};
    const auto& where = listed.filter.structure;
    return with_query("/directory", {{"q", asked.filter.typed},
                                     {"structure", where ? to_text(where) : std::string{everywhere}},
                                     {"function", asked.filter.function},
                                     {"after", page_key(listed.page.next->sort, listed.page.next->id.value)}});
}

DirectoryView view_of(const web::Locale& locale, const Asked& asked, Listed& listed) {
    DirectoryView view{.typed = asked.filter.typed,
                       .next = next_of(asked, listed),
                       .functions = function_choices(locale, asked.filter.function, "admin.any_function"),
                       .staff = listed.staff};
    view.places.push_back({.value = std::string{everywhere},
                           .text = locale.text("directory.everywhere"),
                           .chosen = !listed.filter.structure});
    for (const auto& place : listed.places)
        view.places.push_back(
            {.value = to_text(place.id), .text = place.name, .chosen = place.id == listed.filter.structure});
    for (const auto& row : listed.page.rows) {
        const auto& named = listed.names[subject(row.id)];
        auto detail = function_words(locale, named.function);
        if (!named.place.empty()) detail += (detail.empty() ? "" : " · ") + named.place;
        view.rows.push_back({.id = to_text(row.id),
                             .name = row.name,
                             .detail = std::move(detail),
                             .face = sharing::face_of(row.id, row.name, row.picture)});
    }
    for (const auto& row : listed.structures)
        view.structures.push_back({to_text(row.id), row.name, structure_kind_words(locale, row.kind)});
    for (const auto& group : listed.groups) view.groups.push_back({to_text(group.id), group.name, group.place});
    view.some = !view.rows.empty();
    if (!view.some && view.next.empty() && listed.filter.structure)
        view.anywhere = with_query(
            "/directory",
            {{"q", asked.filter.typed}, {"structure", std::string{everywhere}}, {"function", asked.filter.function}});
    view.some_structures = !view.structures.empty();
    view.some_groups = !view.groups.empty();
    view.filtered = !asked.filter.typed.empty() || !asked.filter.function.empty() || !asked.where.empty();
    return view;
}

http::Response json_of(Listed listed) {
    DirectoryAnswer answer;
    for (const auto& row : listed.page.rows) {
        const auto& named = listed.names[subject(row.id)];
        answer.people.push_back({.id = to_text(row.id),
                                 .name = row.name,
                                 .function = named.function,
                                 .place = named.place,
                                 .picture = sharing::picture_address(row.id, row.picture, sharing::FaceSize::Small)});
    }
    if (listed.page.next) answer.next = page_key(listed.page.next->sort, listed.page.next->id.value);
    return http::json_response(json::text_of(answer));
}

Task<http::Response> show_directory(Portal& portal, http::Request& request) {
    const auto asked = asked_in(request);
    const auto viewer = sharing::viewer(request);
    auto listed = co_await portal.db.read([viewer, asked](db::Tx& tx) { return list(tx, viewer, asked); });
    if (request.wants_json()) co_return json_of(std::move(listed));
    const auto& locale = sharing::words_of(request);
    auto view = view_of(locale, asked, listed);
    co_return portal.pages.page(sharing::shell(request, locale.text("directory.title")), directory_template, view);
}

} // namespace

void preload_directory(web::Pages& pages) { pages.preload<DirectoryView>(directory_template); }

void directory_routes(http::Router& routes, Portal& portal) {
    // Somebody looks up thirty people in a row, and then one every two seconds; a program that copies the directory of
    // a ministry, fifty names a page, would be at it for a day, and be seen.
    for (const auto* pattern : {"/directory", "/api/directory"})
        routes.get(pattern, {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Archive},
                   [&portal](http::Request& request) { return show_directory(portal, request); });
}

} // namespace preau::portal
