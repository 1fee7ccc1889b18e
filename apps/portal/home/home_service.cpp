#include "portal/home/home.hpp"

namespace preau::portal {

HomeData home_data(db::Tx& tx, const Viewer& viewer, Millis now) {
    constexpr int recent_limit = 10;
    HomeData data{.recent = sharing::recent_items(tx, viewer, recent_limit, now)};
    std::vector<std::int64_t> parents;
    for (const auto& item : data.recent) parents.push_back(item.parent.value);
    data.folders = store::own_folders(tx, viewer.person, parents);
    data.groups = identity::groups_of(tx, viewer.person);
    return data;
}

} // namespace preau::portal
