#include "portal/class/class_page.hpp"

namespace preau::portal::store {
namespace {

// The link of the whole class, not a pupil's; the newest one that holds. Served by the index link_by_class.
const db::Query class_link_sql{"portal.class_link", R"(
    SELECT id FROM link WHERE class = $1 AND class <> 0 AND pupil = '' AND revoked_at IS NULL ORDER BY id DESC LIMIT 1)"};

const db::Query places_sql{"portal.item_places", "SELECT id, parent FROM item WHERE id $IDS(1)"};

const db::Query pupil_links_sql{"portal.pupil_links", R"(
    SELECT id FROM link WHERE class = $1 AND class <> 0 AND pupil = $2 AND revoked_at IS NULL ORDER BY id)"};

const db::Query last_revoked_sql{"portal.last_revoked_link", R"(
    SELECT id FROM link WHERE class = $1 AND class <> 0 AND pupil = $2 AND revoked_at IS NOT NULL
     ORDER BY revoked_at DESC, id DESC LIMIT 1)"};

const db::Query rename_links_sql{"portal.rename_pupil_links", R"(
    UPDATE link SET pupil = $3 WHERE class = $1 AND class <> 0 AND pupil = $2 AND revoked_at IS NULL)"};

} // namespace

std::optional<LinkId> last_revoked_link(db::Tx& tx, GroupId group, std::string_view pupil) {
    return tx.one<LinkId>(last_revoked_sql, {group, pupil});
}

void rename_pupil_links(db::Tx& tx, GroupId group, std::string_view before, std::string_view after) {
    tx.execute(rename_links_sql, {group, before, after});
}

std::vector<LinkId> pupil_links(db::Tx& tx, GroupId group, std::string_view pupil) {
    return tx.all<LinkId>(pupil_links_sql, {group, pupil});
}

std::optional<LinkId> find_class_link(db::Tx& tx, GroupId group) { return tx.one<LinkId>(class_link_sql, {group}); }

std::vector<PlaceRow> places_of(db::Tx& tx, const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return tx.all<PlaceRow>(places_sql, {db::Ids{ids}});
}

} // namespace preau::portal::store
