#include "portal/class/class_page.hpp"

#include "sharing/answers.hpp"
#include "sharing/routes.hpp"
#include "sharing/share.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view class_template = "portal/class/class_page.html";

std::vector<ClassItemRow> rows(const Portal& portal, const web::Locale& locale, const Viewer& viewer,
                               const ClassData& data, Millis now) {
    std::vector<ClassItemRow> shown;
    for (std::size_t i = 0; i < data.items.size(); ++i) {
        const auto& item = data.items[i];
        const auto& kind = portal.kinds.of(item.kind);
        if (!kind.listed) continue;
        auto when = locale.ago(item.changed_at, now, viewer.zone);
        shown.push_back({.title = item.title,
                         .href = kind.address + to_text(item.id),
                         .hue = kind.app,
                         .icon = std::string{kind.icon_of(item.title)},
                         .detail = locale.text("portal.changed", {{"when", when}})});
        if (!data.staff) continue;
        auto& row = shown.back();
        auto chip = sharing::chip_of(locale, data.audiences[i]);
        row.staff = true;
        row.audience = std::move(chip.text);
        row.audience_icon = std::move(chip.icon);
        row.may_manage = data.managed[i] && !data.closed;
        row.id = to_text(item.id);
        row.see_as = sharing::text_of(families(data.group.id));
        row.actions = locale.text("portal.actions_for", {{"name", item.title}});
    }
    return shown;
}

ClassView class_view(const Portal& portal, const web::Locale& locale, const Viewer& viewer, ClassData data,
                     Millis now) {
    auto items = rows(portal, locale, viewer, data, now);
    ClassView view{.id = to_text(data.group.id),
                   .group = to_text(data.group.id),
                   .name = std::move(data.group.name),
                   .structure = std::move(data.structure),
                   .pupil = std::move(data.pupil),
                   .staff = data.staff,
                   .keeps_roster = data.keeps_roster,
                   .items = std::move(items),
                   .roster = locale.plural("portal.pupils", std::ssize(data.pupils)),
                   .archived = data.closed};
    if (view.archived) view.archived_words = locale.text("year.archived_of", {{"year", data.year}});
    for (auto& pupil : data.pupils) view.pupils.push_back({to_text(pupil.id), std::move(pupil.name)});
    view.has_pupil = !view.pupil.empty();
    view.has_items = !view.items.empty();
    if (data.class_link) {
        view.has_link = true;
        view.link = portal.public_url + "/s/" + *data.class_link;
        view.qr = web::Html{sharing::qr_svg(view.link, locale.text("portal.qr_of_class"))};
    }
    return view;
}

Result<GroupId> group_in(const http::Request& request) {
    auto group = parse_id<GroupId>(request.parameter("class"));
    if (!group) return not_found("portal.no_such_class");
    return *group;
}

Task<http::Response> show_class(Portal& portal, http::Request& request, std::string typed = {},
                                std::optional<Error> problem = {}) {
    auto group = group_in(request);
    if (!group) co_return portal.gate.refusal(request, group.error());
    const auto& viewer = sharing::viewer(request);
    const auto* world = &portal.world;
    auto now = portal.world.clock.now();
    auto data = co_await portal.db.read(
        [world, viewer, id = *group, now](db::Tx& tx) { return class_data(tx, *world, viewer, id, now); });
    if (!data) co_return portal.gate.refusal(request, data.error());
    const auto& locale = web::Locale::of(sharing::language(request));
    auto shell = sharing::shell(request, data->group.name);
    if (!data->staff) {
        shell.kind = web::Shell::Kind::Family;
        shell.structure_name = data->structure;
        shell.report = sharing::report_address(data->group.id);
    }
    auto view = class_view(portal, locale, viewer, std::move(*data), now);
    view.roster_typed = std::move(typed);
    if (problem) view.roster_problem = locale.message(*problem);
    co_return portal.pages.page(shell, class_template, view, problem ? http::status_of(*problem) : 200);
}

Task<http::Response> post_pupil(Portal& portal, http::Request& request) {
    auto group = group_in(request);
    auto fields = sharing::Fields::read(request);
    if (!group || !fields) co_return portal.gate.refusal(request, group ? fields.error() : group.error());
    const std::string name{fields->value("pupil")};
    auto added = co_await portal.db.write(db::lane_of(*group),
                                          [&portal, viewer = sharing::viewer(request), group = *group,
                                           name](db::Tx& tx) { return add_pupil(tx, portal, viewer, group, name); });
    if (added) co_return sharing::done(request, "/class/" + to_text(*group) + "#roster");
    if (request.wants_json() || added.error().kind != Error::Kind::Invalid)
        co_return portal.gate.refusal(request, added.error());
    co_return co_await show_class(portal, request, name, added.error());
}

Task<http::Response> post_removal(Portal& portal, http::Request& request) {
    auto group = group_in(request);
    if (!group) co_return portal.gate.refusal(request, group.error());
    const auto pupil = from_base32(request.parameter("pupil")).value_or(0);
    auto removed = co_await portal.db.write(
        db::lane_of(*group), [&portal, viewer = sharing::viewer(request), group = *group, pupil](db::Tx& tx) {
            return remove_pupil(tx, portal, viewer, group, pupil);
        });
    if (!removed) co_return portal.gate.refusal(request, removed.error());
    co_return sharing::done(request, "/class/" + to_text(*group) + "#roster");
}

} // namespace

void preload_class(web::Pages& pages) { pages.preload<ClassView>(class_template); }

void class_routes(http::Router& routes, Portal& portal) {
    routes.get("/class/{class}", {.access = http::Access::Link, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_class(portal, request); });
    const http::Rule writing{.access = http::Access::Member, .body_limit = 4096, .rate = http::Rate::Write};
    for (std::string root : {"", "/api"}) {
        routes.post(root + "/class/{class}/pupils", writing,
                    [&portal](http::Request& request) { return post_pupil(portal, request); });
        routes.post(root + "/class/{class}/pupils/{pupil}/remove", writing,
                    [&portal](http::Request& request) { return post_removal(portal, request); });
    }
}

} // namespace preau::portal
