#include "portal/home/home.hpp"

namespace preau::portal {

HomeData home_data(db::Tx& tx, const Viewer& viewer, Millis now) {
    constexpr int recent_limit = 10;
    return {.recent = sharing::recent_items(tx, viewer, recent_limit, now),
            .groups = identity::groups_of(tx, viewer.person)};
}

} // namespace preau::portal
