// /structures/ID: what a structure says of itself, to everyone signed in.
#include "portal/structures/structures.hpp"

#include "base/json.hpp"
#include "identity/leading.hpp"
#include "identity/profile.hpp"
#include "identity/school_year.hpp"
#include "portal/calendar/calendar.hpp"
#include "sharing/face.hpp"
#include "text/markdown.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

struct MemberLine {
    std::string name, id;
    sharing::Face face;
};
PREAU_DESCRIBE(MemberLine, name, id, face)
struct FunctionGroup {
    std::string name;
    std::vector<MemberLine> people;
};
PREAU_DESCRIBE(FunctionGroup, name, people)
struct BelowLine {
    std::string id, name, kind;
};
PREAU_DESCRIBE(BelowLine, id, name, kind)
struct OpenService {
    std::string name, href, hue, icon;
};
PREAU_DESCRIBE(OpenService, name, href, hue, icon)

struct StructureView {
    std::string id, name, kind, uai, logo;
    std::vector<Crumb> crumbs;
    bool closed = false, administers = false, has_contact = false, sees_people = false, keeps_year = false;
    web::Html introduction;
    bool has_introduction = false;
    std::string mail, phone, address, web;
    std::vector<OpenService> services;
    std::vector<FunctionGroup> functions;
    bool no_people = false;
    std::string more_people;
    std::vector<BelowLine> below;
    std::string more_below;
    CalendarView calendar;
    bool has_calendar = false;
};
PREAU_DESCRIBE(StructureView, id, name, kind, uai, logo, crumbs, closed, administers, has_contact, sees_people,
               keeps_year, introduction, has_introduction, mail, phone, address, web, services, functions, no_people,
               more_people, below, more_below, calendar, has_calendar)

constexpr std::string_view structure_template = "portal/structures/structure_page.html";
constexpr int people_per_page = 100;
constexpr int below_per_page = 50;

struct Asked {
    StructureId id;
    identity::Colleague after_person;
    identity::StructureKey after_below;
};

struct Looked {
    identity::Structure structure;
    identity::StructureCard card;
    std::string logo;
    std::vector<identity::Structure> above;
    std::vector<identity::ClosedService> closed_services;
    std::vector<identity::Colleague> people;
    std::vector<identity::StructureRow> below;
    std::optional<identity::SchoolCalendar> calendar;
    bool closed = false, administers = false, sees_people = false, keeps_year = false;
};

Result<Looked> look(db::Tx& tx, const Viewer& viewer, const Asked& asked, Millis now) {
    auto found = identity::find_structure(tx, asked.id);
    if (!found) return not_found("identity.structure");
    Looked looked{.structure = *found,
                  .card = identity::card_of(tx, asked.id),
                  .logo = identity::logo_hash(tx, asked.id),
                  .above = identity::structures_above(tx, asked.id),
                  .closed_services = identity::closed_services(tx, asked.id),
                  .below = identity::structures_below(tx, asked.id, asked.after_below, below_per_page + 1,
                                                      identity::Closed::Hidden),
                  .calendar = identity::calendar_of(tx, asked.id),
                  .closed = identity::is_closed(tx, asked.id)};
    const auto rights = identity::rights_of(tx, viewer.person, now);
    looked.administers = rights.any() && oversees(tx, rights, asked.id);
    // As in the directory; who has an account and no function (a guest) reads what the structure says, and not who is
    // in it.
    looked.sees_people = identity::is_staff(viewer);
    looked.keeps_year = found->kind == "school" && identity::keeps_school_year(tx, viewer, asked.id, now);
    if (looked.sees_people) looked.people = identity::people_in(tx, asked.id, asked.after_person, people_per_page + 1);
    return looked;
}

// "FUNCTION~SORT~ID"
std::string person_key(const identity::Colleague& last) {
    return last.function + '~' + page_key(last.sort, last.person.value);
}
identity::Colleague person_key_of(const http::Request& request) {
    auto [rest, id] = page_key_of(request, "people");
    const auto mark = rest.find('~');
    if (mark == std::string::npos) return {};
    return {.person = PersonId{id}, .function = rest.substr(0, mark), .sort = rest.substr(mark + 1)};
}

void add_people(StructureView& view, const web::Locale& locale, Looked& looked) {
    view.no_people = looked.people.empty();
    if (std::ssize(looked.people) > people_per_page) {
        looked.people.resize(people_per_page);
        view.more_people = with_query("/structures/" + view.id, {{"people", person_key(looked.people.back())}});
    }
    std::string function;
    for (const auto& person : looked.people) {
        if (view.functions.empty() || function != person.function)
            view.functions.push_back({.name = function_words(locale, person.function)});
        function = person.function;
        view.functions.back().people.push_back({.name = person.name,
                                                .id = to_text(person.person),
                                                .face = sharing::face_of(person.person, person.name, person.picture)});
    }
}

void add_below(StructureView& view, const web::Locale& locale, Looked& looked) {
    if (std::ssize(looked.below) > below_per_page) {
        looked.below.resize(below_per_page);
        view.more_below = with_query("/structures/" + view.id,
                                     {{"below", page_key(looked.below.back().sort, looked.below.back().id.value)}});
    }
    for (const auto& row : looked.below)
        view.below.push_back({to_text(row.id), row.name, structure_kind_words(locale, row.kind)});
}

StructureView view_of(const Portal& portal, web::Language language, Looked looked, Millis now) {
    const auto& locale = web::Locale::of(language);
    StructureView view{.id = to_text(looked.structure.id),
                       .name = looked.structure.name,
                       .kind = structure_kind_words(locale, looked.structure.kind),
                       .uai = looked.structure.uai,
                       .logo = logo_address(portal, looked.structure.id, looked.logo),
                       .crumbs = crumbs_to(looked.above, "/structures/"),
                       .closed = looked.closed,
                       .administers = looked.administers,
                       .sees_people = looked.sees_people,
                       .keeps_year = looked.keeps_year,
                       .mail = std::move(looked.card.mail),
                       .phone = std::move(looked.card.phone),
                       .address = std::move(looked.card.address),
                       .web = std::move(looked.card.web)};
    view.has_contact = !view.mail.empty() || !view.phone.empty() || !view.address.empty() || !view.web.empty();
    // In the reader's language, or in the other one rather than nothing.
    const bool french = language == web::Language::French;
    const auto& own = french ? looked.card.introduction_fr : looked.card.introduction_en;
    const auto& other = french ? looked.card.introduction_en : looked.card.introduction_fr;
    const auto& words = own.empty() ? other : own;
    view.has_introduction = !words.empty();
    view.introduction = web::Html{text::markdown_to_html(words, text::Flavour::Section)};
    for (const auto& service : portal.pages.services(language)) {
        const auto closed = std::ranges::find(looked.closed_services, service.hue, &identity::ClosedService::service);
        if (closed == looked.closed_services.end())
            view.services.push_back({service.name, service.href, service.hue, service.icon});
    }
    view.calendar = calendar_view(locale, looked.structure.id, looked.calendar, today_in(looked.structure.zone, now));
    view.has_calendar = !looked.closed && looked.calendar && !looked.calendar->periods.empty();
    add_people(view, locale, looked);
    add_below(view, locale, looked);
    return view;
}

struct StructureAnswer {
    identity::Structure structure;
    identity::StructureCard card;
    bool closed = false;
    std::vector<identity::Colleague> people;
    std::vector<identity::StructureRow> below;
    std::vector<identity::Period> calendar;
};
PREAU_DESCRIBE(StructureAnswer, structure, card, closed, people, below, calendar)

Task<http::Response> show_structure(Portal& portal, http::Request& request) {
    auto [sort, below] = page_key_of(request, "below");
    const Asked asked{.id = parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{}),
                      .after_person = person_key_of(request),
                      .after_below = {sort, StructureId{below}}};
    auto looked = co_await portal.db.read([viewer = sharing::viewer(request), asked, now = portal.world.clock.now()](
                                              db::Tx& tx) { return look(tx, viewer, asked, now); });
    if (!looked) co_return portal.gate.refusal(request, looked.error());
    if (request.wants_json()) {
        auto calendar = looked->calendar ? std::move(looked->calendar->periods) : std::vector<identity::Period>{};
        co_return http::json_response(json::text_of(StructureAnswer{.structure = std::move(looked->structure),
                                                                    .card = std::move(looked->card),
                                                                    .closed = looked->closed,
                                                                    .people = std::move(looked->people),
                                                                    .below = std::move(looked->below),
                                                                    .calendar = std::move(calendar)}));
    }
    auto view = view_of(portal, sharing::language(request), std::move(*looked), portal.world.clock.now());
    co_return portal.pages.page(sharing::shell(request, view.name), structure_template, view);
}

// One address for everybody's own, so that every page's menu can lead there without asking which one it is.
Task<http::Response> show_mine(Portal& portal, http::Request& request) {
    auto mine = co_await portal.db.read(
        [person = sharing::viewer(request).person](db::Tx& tx) { return identity::main_structure(tx, person); });
    if (!mine) co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "identity.structure"});
    co_return http::redirect("/structures/" + to_text(mine));
}

// Whoever has the address has seen the page: it holds the hash of the bytes. Its type comes from the bytes, and the
// policy lets a browser do nothing with it but draw.
Task<http::Response> show_logo(Portal& portal, http::Request& request) {
    const auto id = parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
    auto logo = co_await portal.db.read([id](db::Tx& tx) { return identity::find_logo(tx, id); });
    if (!logo || logo->hash != request.parameter("hash"))
        co_return portal.gate.refusal(request, {.kind = Error::Kind::NotFound, .key = "identity.structure"});
    auto response = http::text_response(200, std::move(logo->bytes), logo->type);
    response.headers.set("Cache-Control", "private, max-age=31536000, immutable");
    response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    co_return response;
}

} // namespace

std::string logo_address(const Portal& portal, StructureId structure, std::string_view hash) {
    if (hash.empty()) return {};
    return portal.content_url + "/content/structures/" + to_text(structure) + "/logo/" + std::string{hash};
}

void preload_structure(web::Pages& pages) { pages.preload<StructureView>(structure_template); }

void structure_routes(http::Router& routes, Portal& portal) {
    const http::Rule reading{.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read};
    routes.get("/structures/mine", reading, [&portal](http::Request& request) { return show_mine(portal, request); });
    for (const auto* pattern : {"/structures/{structure}", "/api/structures/{structure}"})
        routes.get(pattern, reading, [&portal](http::Request& request) { return show_structure(portal, request); });
    // On the second origin where there is one.
    routes.get("/content/structures/{structure}/logo/{hash}",
               {.access = http::Access::Guest,
                .body_limit = 0,
                .rate = http::Rate::Read,
                .origin = portal.content_url.empty() ? http::Origin::Main : http::Origin::Content},
               [&portal](http::Request& request) { return show_logo(portal, request); });
}

} // namespace preau::portal
