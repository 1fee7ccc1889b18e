// /api/sharing/…/favourite: the star of an item, and the list of what one starred.
#include "base/json.hpp"
#include "sharing/favourite.hpp"
#include "sharing_routes.hpp"

namespace preau::sharing {
namespace {

struct FavouriteJson {
    ItemId id;
    std::string kind;
    std::string name;
    std::string url;
    std::string icon;
    std::string hue;
    Millis changed_at = 0;
};
PREAU_DESCRIBE(FavouriteJson, id, kind, name, url, icon, hue, changed_at)

struct FavouritesJson {
    std::vector<FavouriteJson> items;
    std::optional<ItemId> next; // send it as `after`
};
PREAU_DESCRIBE(FavouritesJson, items, next)

constexpr int per_page = 100;

http::Response refuse(const http::Request& request, const Error& error) {
    return http::problem(error, web::Locale::of(language(request)).message(error));
}

Task<http::Response> set(Sharing& sharing, http::Request& request, bool on) {
    const auto item = parse_id<ItemId>(request.parameter("item")).value_or(ItemId{});
    // The lane of the person: a mark is theirs, and nobody else's write waits for it.
    const auto lane = db::lane_of(viewer(request).person);
    auto done = co_await sharing.db.write(lane, [&sharing, who = viewer(request), item, on](db::Tx& tx) {
        return set_favourite(tx, sharing.world, who, item, on);
    });
    if (!done) co_return refuse(request, done.error());
    co_return http::Response{.status = 204};
}

Task<http::Response> list(Sharing& sharing, http::Request& request) {
    const auto after = parse_id<ItemId>(request.query("after")).value_or(ItemId{});
    auto items = co_await sharing.db.read([&sharing, who = viewer(request), after](db::Tx& tx) {
        return favourites(tx, who, after, per_page + 1, sharing.world.clock.now());
    });
    FavouritesJson answer;
    if (items.size() > per_page) {
        items.resize(per_page);
        answer.next = items.back().id;
    }
    for (const auto& item : items) {
        const auto& kind = sharing.kinds.of(item.kind);
        answer.items.push_back({.id = item.id,
                                .kind = item.kind,
                                .name = item.title,
                                .url = sharing.kinds.address(item.kind, item.id),
                                .icon = std::string{kind.icon_of(item.title)},
                                .hue = kind.app,
                                .changed_at = item.changed_at});
    }
    co_return http::json_response(json::text_of(answer));
}

} // namespace

void favourite_routes(http::Router& routes, Sharing& sharing) {
    using enum http::Access;
    const http::Rule writing{.access = Member, .body_limit = 1024, .rate = http::Rate::Write};
    routes.put("/api/sharing/items/{item}/favourite", writing,
               [&](auto& request) { return set(sharing, request, true); });
    routes.remove("/api/sharing/items/{item}/favourite", writing,
                  [&](auto& request) { return set(sharing, request, false); });
    routes.get("/api/sharing/favourites", {.access = Member, .body_limit = 0, .rate = http::Rate::Read},
               [&](auto& request) { return list(sharing, request); });
}

} // namespace preau::sharing
