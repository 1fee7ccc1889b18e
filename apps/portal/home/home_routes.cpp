#include "portal/home/home.hpp"

#include "base/text.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view home_template = "portal/home/home_page.html";
constexpr std::string_view landing_template = "portal/landing/landing_page.html";

std::string first_word(std::string_view name) { return std::string{name.substr(0, name.find(' '))}; }

// "lundi 7 septembre" opens the page, so it starts with a capital; no French or English day starts beyond ASCII.
std::string capitalised(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// "Fichiers · Volcans · 6e B": the app, the folder if it is one's own, and whom it reaches.
std::string place_of(const web::Locale& locale, const sharing::Item& item, std::string_view app, const HomeView& view,
                     const HomeData& data) {
    auto service = std::ranges::find(view.services, app, &web::ServiceLink::hue);
    std::string place = service == view.services.end() ? std::string{} : service->name;
    auto folder = std::ranges::find(data.folders, item.parent, &FolderName::id);
    if (folder != data.folders.end()) place += (place.empty() ? "" : " · ") + folder->title;
    if (auto audience = data.audiences.find(item.id); audience != data.audiences.end())
        place += (place.empty() ? "" : " · ") + sharing::chip_of(locale, audience->second).text;
    return place;
}

std::vector<ItemRow> rows_of(const Portal& portal, const web::Locale& locale, const Viewer& viewer,
                             const HomeView& view, const HomeData& data, const std::vector<sharing::Item>& items,
                             Millis now) {
    std::vector<ItemRow> rows;
    rows.reserve(items.size());
    for (const auto& item : items) {
        const auto& kind = portal.kinds.of(item.kind);
        if (!kind.listed) continue;
        rows.push_back({.title = item.title,
                        .href = kind.address + to_text(item.id),
                        .hue = kind.app,
                        .icon = std::string{kind.icon_of(item.title)},
                        .detail = place_of(locale, item, kind.app, view, data),
                        .when = locale.ago(item.changed_at, now, viewer.zone)});
    }
    return rows;
}

HomeView home_view(const Portal& portal, const Viewer& viewer, web::Language language, HomeData data, Millis now) {
    const auto& locale = web::Locale::of(language);
    HomeView view{.today = capitalised(locale.day(now, viewer.zone)),
                  .structure = viewer.structure_name,
                  .first_name = first_word(viewer.name),
                  .has_structure = !viewer.structure_name.empty(),
                  .services = portal.pages.services(language)};
    for (const auto& closed : data.closed)
        std::erase_if(view.services, [&](const auto& tile) { return tile.hue == closed; });
    view.recent = rows_of(portal, locale, viewer, view, data, data.recent, now);
    view.favourites = rows_of(portal, locale, viewer, view, data, data.favourites, now);
    for (auto& group : data.groups)
        if (group.kind == "class") view.classes.push_back({std::move(group.name), "/class/" + to_text(group.id)});
    for (auto& line : data.waits)
        view.waits.push_back({.title = std::move(line.title),
                              .href = std::move(line.href),
                              .hue = std::move(line.hue),
                              .icon = std::move(line.icon),
                              .detail = std::move(line.detail)});
    for (const auto& line : data.announcements) {
        const auto& one = line.announcement;
        view.announcements.push_back({.id = to_text(one.id),
                                      .title = title_of(one, language),
                                      .detail = (line.structure.empty() ? line.author : line.structure) + " · " +
                                                locale.ago(one.from_at, now, viewer.zone),
                                      .excerpt = excerpt_of(one, language),
                                      .lang = says_english(one, language) ? "en" : "fr",
                                      .wants_ack = one.wants_ack});
    }
    view.has_announcements = !view.announcements.empty();
    view.has_waits = !view.waits.empty();
    view.has_recent = !view.recent.empty();
    view.has_favourites = !view.favourites.empty();
    view.has_classes = !view.classes.empty();
    return view;
}

http::Response landing(Portal& portal, const http::Request& request) {
    auto language = sharing::language(request);
    auto shell = sharing::shell(request, web::Locale::of(language).text("portal.landing_title"));
    shell.kind = web::Shell::Kind::Entry;
    return portal.pages.page(shell, landing_template, LandingView{.services = portal.pages.services(language)});
}

Task<http::Response> show_front(Portal& portal, http::Request& request) {
    const auto& viewer = sharing::viewer(request);
    if (!viewer.is_person()) co_return landing(portal, request);
    auto now = portal.world.clock.now();
    auto language = sharing::language(request);
    const auto* locale = &web::Locale::of(language);
    const auto* kinds = &portal.kinds;
    auto data = co_await portal.db.read(
        [viewer, now, locale, kinds](db::Tx& tx) { return home_data(tx, *kinds, *locale, viewer, now); });
    auto view = home_view(portal, viewer, language, std::move(data), now);
    auto shell = sharing::shell(request, web::Locale::of(language).text("portal.home_title"));
    co_return portal.pages.page(shell, home_template, view);
}

} // namespace

void preload_home(web::Pages& pages) {
    pages.preload<HomeView>(home_template);
    pages.preload<LandingView>(landing_template);
}

void home_routes(http::Router& routes, Portal& portal) {
    routes.get("/", {.access = http::Access::Guest, .body_limit = 0, .rate = http::Rate::Read},
               [&portal](http::Request& request) { return show_front(portal, request); });
}

} // namespace preau::portal
