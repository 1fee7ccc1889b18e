// /announcements/new: what to say and to whom, then, where it reaches many, a page that names how many.
#include "portal/announcement/announcement.hpp"
#include "portal/announcement/announcement_audience_store.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/directory.hpp"
#include "identity/groups.hpp"
#include "identity/people_list.hpp"
#include "sharing/answers.hpp"
#include "sharing/audience.hpp"
#include "web/day.hpp"

#include <algorithm>
#include <set>

namespace preau::portal {
namespace {

constexpr std::string_view form_page = "portal/announcement/announcement_form_page.html";
constexpr std::string_view confirm_page = "portal/announcement/announcement_confirm_page.html";
constexpr int most_shown = 300; // structures to choose from; the rest are found by name

struct Option {
    std::string value, text, detail;
    bool chosen = false;
};
PREAU_DESCRIBE(Option, value, text, detail, chosen)

struct FormView {
    std::string title_fr, body_fr, title_en, body_en, until, from, typed, problem;
    std::string title_fr_problem, body_fr_problem, title_en_problem, body_en_problem, until_problem, to_problem;
    bool wants_ack = false, english = false, may_everyone = false, everyone = false, has_groups = false, nobody = false,
         more = false;
    std::vector<Option> structures, functions, groups;
};
PREAU_DESCRIBE(FormView, title_fr, body_fr, title_en, body_en, until, from, typed, problem, title_fr_problem,
               body_fr_problem, title_en_problem, body_en_problem, until_problem, to_problem, wants_ack, english,
               may_everyone, everyone, has_groups, nobody, more, structures, functions, groups)

struct ConfirmView {
    std::string title_fr, body_fr, title_en, body_en, until, from, size, to, button;
    web::Html shown_fr, shown_en;
    bool wants_ack = false, english = false, everyone = false;
    std::vector<std::string> structures, functions, groups;
};
PREAU_DESCRIBE(ConfirmView, title_fr, body_fr, title_en, body_en, until, from, size, to, button, shown_fr, shown_en,
               wants_ack, english, everyone, structures, functions, groups)

struct Typed { // the form as it came
    NewAnnouncement wanted;
    std::string until, from, search;
    bool confirmed = false, searching = false;
};

template <class AnyId> std::vector<AnyId> ids_in(const sharing::Fields& fields, std::string_view name) {
    std::vector<AnyId> ids;
    for (const auto& text : fields.all(name))
        if (auto id = parse_id<AnyId>(text); id && std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
    return ids;
}

Typed read(const sharing::Fields& fields, std::string_view zone) {
    Typed typed{.until = std::string{fields.value("until")},
                .from = std::string{fields.value("from")},
                .search = cut_to_bytes(fields.value("q"), 200),
                .confirmed = fields.value("confirmed") == "1",
                .searching = fields.value("search") == "1"};
    auto& wanted = typed.wanted;
    for (auto [name, text] : {std::pair{"title_fr", &wanted.title_fr}, std::pair{"body_fr", &wanted.body_fr},
                              std::pair{"title_en", &wanted.title_en}, std::pair{"body_en", &wanted.body_en}})
        *text = std::string{fields.value(name)};
    wanted.audience = {.structures = ids_in<StructureId>(fields, "structure"),
                       .functions = fields.all("function"),
                       .groups = ids_in<GroupId>(fields, "group"),
                       .everyone = fields.value("everyone") == "1"};
    std::erase(wanted.audience.functions, "");
    wanted.wants_ack = fields.value("wants_ack") == "1";
    // A day to begin on begins with it: the end of the day before.
    if (auto end = web::end_of_day(typed.from, zone)) wanted.from = *end - 1_days;
    wanted.until = web::end_of_day(typed.until, zone).value_or(0);
    return typed;
}

struct Choices {
    std::vector<identity::Structure> structures;
    std::set<std::int64_t> found; // by the name that was typed
    std::vector<identity::GroupCard> groups;
    std::map<std::int64_t, std::string> names;
    bool more = false;
};

std::vector<StructureId> structures_named(db::Tx& tx, const Viewer& viewer, const std::string& typed) {
    std::vector<StructureId> ids;
    for (const auto& found : identity::search_directory(tx, viewer, typed))
        if (found.subject.kind == Subject::Kind::Structure) ids.push_back(StructureId{found.subject.id});
    return ids;
}

Result<Choices> choices_for(db::Tx& tx, const Viewer& viewer, const Typed& typed, Millis now) {
    Choices choices{.groups = identity::groups_led(tx, viewer.person)};
    std::set<std::int64_t> known;
    auto add = [&](const identity::Structure& structure) {
        if (known.insert(structure.id.value).second) choices.structures.push_back(structure);
    };
    const auto roots = announcing_roots(tx, viewer, now);
    std::erase_if(choices.groups, [](const identity::GroupCard& group) { return group.kind == "class"; });
    if (viewer.guest || (roots.empty() && choices.groups.empty())) return forbidden("announcement.not_for_you");
    if (typed.searching)
        for (const auto& structure :
             store::structures_among(tx, announced_for(tx, viewer, structures_named(tx, viewer, typed.search), now))) {
            choices.found.insert(structure.id.value);
            add(structure);
        }
    for (const auto& structure : store::structures_among(tx, typed.wanted.audience.structures))
        add(structure); // chosen before, from whatever search
    for (const auto& root : roots) {
        if (choices.more) break;
        for (const auto& structure : store::structures_below(tx, root.id, most_shown + 1)) {
            choices.more = std::ssize(choices.structures) >= most_shown;
            if (!choices.more) add(structure);
        }
    }
    std::vector<Subject> above;
    for (const auto& structure : choices.structures)
        if (structure.parent) above.push_back(subject(structure.parent));
    for (const auto& [who, named] : identity::names_of(tx, above)) choices.names[who.id] = named.name;
    return choices;
}

FormView view_of(const web::Locale& locale, const Viewer& viewer, const Typed& typed, const Choices& choices) {
    const auto& wanted = typed.wanted;
    FormView view{.title_fr = wanted.title_fr,
                  .body_fr = wanted.body_fr,
                  .title_en = wanted.title_en,
                  .body_en = wanted.body_en,
                  .until = typed.until,
                  .from = typed.from,
                  .typed = typed.search,
                  .wants_ack = wanted.wants_ack,
                  .english = !wanted.title_en.empty() || !wanted.body_en.empty(),
                  .may_everyone = viewer.admin,
                  .everyone = wanted.audience.everyone,
                  .nobody = typed.searching && choices.found.empty(),
                  .more = choices.more};
    auto has = [](const auto& list, const auto& one) { return std::ranges::find(list, one) != list.end(); };
    for (const auto& structure : choices.structures) {
        const auto above = choices.names.find(structure.parent.value);
        view.structures.push_back({.value = to_text(structure.id),
                                   .text = structure.name,
                                   .detail = above == choices.names.end() ? std::string{} : above->second,
                                   .chosen = has(wanted.audience.structures, structure.id)});
    }
    for (const auto& function : identity::functions_in_use())
        view.functions.push_back({.value = function,
                                  .text = sharing::people_words(locale, function),
                                  .chosen = has(wanted.audience.functions, function)});
    for (const auto& group : choices.groups)
        view.groups.push_back({.value = to_text(group.id),
                               .text = group.name,
                               .detail = locale.plural("group.members", group.members),
                               .chosen = has(wanted.audience.groups, group.id)});
    view.has_groups = !view.groups.empty();
    return view;
}

void write_problem(const web::Locale& locale, const Error& problem, FormView& view) {
    const std::map<std::string_view, std::string*> places{
        {"title_fr", &view.title_fr_problem}, {"body_fr", &view.body_fr_problem}, {"title_en", &view.title_en_problem},
        {"body_en", &view.body_en_problem},   {"until", &view.until_problem},     {"to", &view.to_problem}};
    const auto place = places.find(problem.field);
    *(place == places.end() ? &view.problem : place->second) = locale.message(problem);
}

Task<http::Response> show_form(Portal& portal, http::Request& request, Typed typed, std::optional<Error> problem) {
    const auto viewer = sharing::viewer(request);
    auto choices = co_await portal.db.read(
        [viewer, typed, now = portal.world.clock.now()](db::Tx& tx) { return choices_for(tx, viewer, typed, now); });
    if (!choices) co_return portal.gate.refusal(request, choices.error());
    const auto& locale = sharing::words_of(request);
    auto view = view_of(locale, viewer, typed, *choices);
    if (problem) write_problem(locale, *problem, view);
    auto shell = sharing::shell(request, locale.text("announcement.new"));
    shell.component = "portal/announcement-form";
    co_return portal.pages.page(shell, form_page, view, problem ? http::status_of(*problem) : 200);
}

Task<http::Response> show_new(Portal& portal, http::Request& request) {
    const auto now = portal.world.clock.now();
    Typed typed{.until = web::day_before(now + announcement_default, sharing::viewer(request).zone)};
    co_return co_await show_form(portal, request, std::move(typed), std::nullopt);
}

template <class AnyId> std::vector<std::string> texts(const std::vector<AnyId>& ids) {
    std::vector<std::string> list;
    for (auto id : ids) list.push_back(to_text(id));
    return list;
}

struct Checked {
    AudienceSize size;
    std::map<Subject, identity::Named> names;
};

// "Enseignants de 40 structures", "Académie de Dijon, Lycée Berthelot"
std::string audience_words(const web::Locale& locale, const Audience& audience,
                           const std::map<Subject, identity::Named>& names) {
    if (audience.everyone) return locale.text("announcement.everyone");
    std::vector<std::string> words, who;
    for (auto structure : audience.structures)
        if (auto named = names.find(subject(structure)); named != names.end()) words.push_back(named->second.name);
    for (auto group : audience.groups)
        if (auto named = names.find(subject(group)); named != names.end()) words.push_back(named->second.name);
    for (const auto& function : audience.functions) who.push_back(sharing::people_words(locale, function));
    auto joined = [](const std::vector<std::string>& list) {
        std::string text;
        for (const auto& one : list) text += (text.empty() ? "" : ", ") + one;
        return text;
    };
    constexpr std::size_t most_names = 6;
    const auto rest = words.size() > most_names ? words.size() - most_names : 0;
    words.resize(words.size() - rest);
    auto text = joined(words);
    if (rest > 0) text += ' ' + locale.plural("announcement.and_more", static_cast<std::int64_t>(rest));
    return who.empty() ? text : joined(who) + " — " + text;
}

http::Response confirm(Portal& portal, const http::Request& request, const Typed& typed, const Checked& checked) {
    const auto& locale = sharing::words_of(request);
    const auto& wanted = typed.wanted;
    const auto size = size_words(locale, checked.size);
    ConfirmView view{.title_fr = wanted.title_fr,
                     .body_fr = wanted.body_fr,
                     .title_en = wanted.title_en,
                     .body_en = wanted.body_en,
                     .until = typed.until,
                     .from = typed.from,
                     .size = size,
                     .to = audience_words(locale, wanted.audience, checked.names),
                     .button = locale.text("announcement.publish_for", {{"people", size}}),
                     .shown_fr = html_of(wanted.body_fr),
                     .shown_en = html_of(wanted.body_en),
                     .wants_ack = wanted.wants_ack,
                     .english = !wanted.title_en.empty(),
                     .everyone = wanted.audience.everyone,
                     .structures = texts(wanted.audience.structures),
                     .functions = wanted.audience.functions,
                     .groups = texts(wanted.audience.groups)};
    return portal.pages.page(sharing::shell(request, locale.text("announcement.confirm")), confirm_page, view);
}

// Everything that publishing would refuse is refused before somebody is asked to confirm it.
Task<Result<Checked>> check(Portal& portal, http::Request& request, const Typed& typed) {
    co_return co_await portal.db.write(
        db::lane_of(sharing::viewer(request).person),
        [viewer = sharing::viewer(request), wanted = typed.wanted,
         now = portal.world.clock.now()](db::Tx& tx) -> Result<Checked> {
            TRY(check_words(wanted, now));
            std::vector<Subject> subjects;
            for (const auto& line : TRY(audience_lines(tx, viewer, wanted.audience, now)))
                subjects.push_back(line.structure ? subject(line.structure) : line.to);
            return Checked{.size = size_of(tx, wanted.audience), .names = identity::names_of(tx, subjects)};
        });
}

struct MadeJson {
    AnnouncementId id;
    std::string url;
    std::int64_t people = 0;
};
PREAU_DESCRIBE(MadeJson, id, url, people)

Task<http::Response> post_new(Portal& portal, http::Request& request) {
    const auto viewer = sharing::viewer(request);
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    auto typed = read(*fields, viewer.zone);
    if (typed.searching || fields->value("edit") == "1")
        co_return co_await show_form(portal, request, std::move(typed), std::nullopt);
    if (!typed.confirmed) {
        auto checked = co_await check(portal, request, typed);
        if (!checked && (request.wants_json() || checked.error().kind != Error::Kind::Invalid))
            co_return portal.gate.refusal(request, checked.error());
        if (!checked) co_return co_await show_form(portal, request, std::move(typed), checked.error());
        const bool large = typed.wanted.audience.everyone || checked->size.kind != AudienceSize::Kind::Exact ||
                           checked->size.people > large_audience;
        if (large && request.wants_json()) {
            Error error{.kind = Error::Kind::Conflict, .key = "announcement.confirm_large"};
            error.values = {{"people", std::to_string(checked->size.people)}};
            co_return portal.gate.refusal(request, error);
        }
        if (large) co_return confirm(portal, request, typed, *checked);
    }
    auto made =
        co_await portal.db.write(db::lane_of(viewer.person), [&portal, viewer, wanted = typed.wanted](db::Tx& tx) {
            return publish(tx, portal, viewer, wanted);
        });
    if (!made && (request.wants_json() || made.error().kind != Error::Kind::Invalid))
        co_return portal.gate.refusal(request, made.error());
    if (!made) co_return co_await show_form(portal, request, std::move(typed), made.error());
    // A function below a structure that nobody addressed before is a subject from now on: whoever is remembered as a
    // viewer without it would miss the announcement for a second.
    if (!typed.wanted.audience.functions.empty()) portal.identity.forget_all();
    const MadeJson json{.id = made->id, .url = "/announcements/" + to_text(made->id), .people = made->people};
    co_return sharing::done(request, json.url + "?done=published", json::text_of(json));
}

} // namespace

void preload_announcement_form(web::Pages& pages) {
    pages.preload<FormView>(form_page);
    pages.preload<ConfirmView>(confirm_page);
}

void announcement_form_routes(http::Router& routes, Portal& portal) {
    using enum http::Access;
    routes.get("/announcements/new", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_new(portal, request); });
    // Two texts of 20,000 letters, four bytes each at most and three characters a byte in a form.
    const http::Rule writing{.access = Member, .body_limit = 512 * 1024, .rate = http::Rate::Write};
    routes.post("/announcements/new", writing, [&portal](http::Request& request) { return post_new(portal, request); });
    routes.post("/api/announcements", writing, [&portal](http::Request& request) { return post_new(portal, request); });
}

void preload_announcements(web::Pages& pages) {
    preload_announcement_pages(pages);
    preload_announcement_receipts(pages);
    preload_announcement_form(pages);
}

void announcement_routes(http::Router& routes, Portal& portal) {
    announcement_read_routes(routes, portal);
    announcement_receipt_routes(routes, portal);
    announcement_form_routes(routes, portal);
}

} // namespace preau::portal
