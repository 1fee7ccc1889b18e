#include "portal/home/home.hpp"

#include "identity/structure_detail.hpp"
#include "sharing/favourite.hpp"

namespace preau::portal {

HomeData home_data(db::Tx& tx, const sharing::Kinds& kinds, const web::Locale& locale, const Viewer& viewer,
                   Millis now) {
    constexpr int recent_limit = 10;
    constexpr int favourite_limit = 6; // a shelf, not a list: the whole of it stands in the service
    HomeData data{.recent = sharing::recent_items(tx, viewer, recent_limit, now),
                  .favourites = sharing::favourites(tx, viewer, {}, favourite_limit, now)};
    std::vector<std::int64_t> parents;
    for (const auto* list : {&data.recent, &data.favourites})
        for (const auto& item : *list) parents.push_back(item.parent.value);
    data.folders = store::own_folders(tx, viewer.person, parents);
    data.waits = kinds.waiting(tx, viewer, locale, now);
    constexpr int announcement_limit = 3;
    data.announcements = waiting_announcements(tx, viewer, announcement_limit, now);
    data.groups = identity::groups_of(tx, viewer.person);
    data.closed = identity::services_closed_to(tx, viewer.person);
    std::vector<sharing::ChipItem> items;
    for (const auto* list : {&data.recent, &data.favourites})
        for (const auto& item : *list) items.push_back(sharing::chip_item(item));
    auto audiences = sharing::audiences(tx, viewer, items, now);
    for (std::size_t i = 0; i < items.size(); ++i)
        data.audiences.insert_or_assign(items[i].id, std::move(audiences[i]));
    return data;
}

} // namespace preau::portal
