#include "sharing/favourite.hpp"

#include "favourite_store.hpp"
#include "visible_items.hpp"

#include <limits>

namespace preau::sharing {

Result<void> set_favourite(db::Tx& tx, World& world, const Viewer& viewer, ItemId item, bool on) {
    if (!viewer.is_person()) return fail(Error::Kind::Unauthenticated, "sharing.sign_in_needed");
    if (!on) {
        store::delete_favourite(tx, viewer.person, item);
        return {};
    }
    const auto now = world.clock.now();
    auto place = standing(tx, viewer, item, now);
    TRY(allow(place, Action::View));
    if (place.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    store::put_favourite(tx, viewer.person, item, now);
    return {};
}

std::vector<Item> favourites(db::Tx& tx, const Viewer& viewer, ItemId after, int limit, Millis now) {
    if (!viewer.is_person()) return {};
    limit = std::clamp(limit, 1, 200);
    store::FavouriteRow key{.item = ItemId{std::numeric_limits<std::int64_t>::max()},
                            .at = std::numeric_limits<Millis>::max()};
    if (after)
        if (auto last = store::find_favourite(tx, viewer.person, after)) key = *last;
    std::vector<Item> page;
    // Some may be hidden from the person by now: the page is filled up, so that a short one means the end.
    while (std::ssize(page) < limit) {
        auto rows = store::favourites(tx, viewer.person, key.at, key.item, limit);
        if (rows.empty()) break;
        key = rows.back();
        std::vector<ItemId> items;
        for (const auto& row : rows) items.push_back(row.item);
        auto found = visible_items(tx, viewer, items, now);
        for (auto item : items) {
            auto at = std::ranges::find(found, item, &Item::id);
            if (at != found.end() && std::ssize(page) < limit) page.push_back(std::move(*at));
        }
        if (std::ssize(rows) < limit) break;
    }
    return page;
}

std::vector<ItemId> favourites_among(db::Tx& tx, const Viewer& viewer, const std::vector<ItemId>& items) {
    if (!viewer.is_person() || items.empty()) return {};
    std::vector<std::int64_t> ids;
    for (auto item : items) ids.push_back(item.value);
    return store::favourites_among(tx, viewer.person, ids);
}

} // namespace preau::sharing
