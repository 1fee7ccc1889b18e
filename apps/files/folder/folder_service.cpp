#include "files/folder/folder_service.hpp"

#include "sharing/favourite.hpp"

#include <algorithm>

namespace preau::files {
namespace {

std::vector<std::int64_t> ids_of(const std::vector<sharing::ChildRow>& rows, bool files) {
    std::vector<std::int64_t> ids;
    for (const auto& row : rows)
        if (files ? row.kind == "file" : is_container(row.kind)) ids.push_back(row.id.value);
    return ids;
}

// Folder and rows together: five queries, whatever their number.
void fill_audiences(db::Tx& tx, const Viewer& viewer, Listing& listing, Millis now) {
    std::vector<sharing::ChipItem> items{sharing::chip_item(listing.folder)};
    for (const auto& row : listing.rows) items.push_back({row.id, listing.folder.id, row.restricted});
    auto found = sharing::audiences(tx, viewer, items, now);
    listing.audience = std::move(found.front());
    for (std::size_t i = 1; i < items.size(); ++i) listing.audiences[items[i].id] = std::move(found[i]);
}

// No query where there is none.
std::map<ItemId, sharing::ShortcutTarget> shortcuts_among(db::Tx& tx, const Viewer& viewer,
                                                          const std::vector<sharing::ChildRow>& rows, Millis now) {
    std::vector<ItemId> ids;
    for (const auto& row : rows)
        if (row.kind == sharing::shortcut_kind) ids.push_back(row.id);
    return sharing::shortcut_targets(tx, viewer, ids, now);
}

// Only rows with grants of their own can differ from the folder; for them one query.
void fill_roles(db::Tx& tx, const Viewer& viewer, Listing& listing, Millis now) {
    if (listing.role >= Role::Manage) return;
    std::vector<ItemId> asked;
    for (const auto& row : listing.rows)
        if (row.shared || row.has_links || row.restricted || row.owner == viewer.person) asked.push_back(row.id);
    auto answers = sharing::reaches(tx, viewer, asked, now);
    for (std::size_t i = 0; i < asked.size(); ++i) listing.roles[asked[i]] = answers[i].role;
}

std::unexpected<Error> refusal_of(const sharing::Standing& standing) {
    // Whoever may only hand in does not learn what is inside.
    if (standing.deposit) return forbidden("files.deposit_only");
    return not_found("sharing.item");
}

// Keeps the ancestors from the highest visible one on. A role on one item reaches down to all below it, so only the
// places where grants stand need asking: two or three queries on the deepest tree.
std::size_t first_visible(db::Tx& tx, const Viewer& viewer, const std::vector<sharing::Item>& ancestors,
                          const sharing::Standing& standing, Millis now) {
    auto place_of = [&](const sharing::Standing& found, std::size_t otherwise) {
        if (!found.reason.grant) return otherwise;
        auto place = std::ranges::find(ancestors, found.reason.grant->item, &sharing::Item::id);
        return std::min(otherwise, static_cast<std::size_t>(place - ancestors.begin()));
    };
    auto first = place_of(standing, ancestors.size());
    while (first > 0) {
        auto above = sharing::standing(tx, viewer, ancestors[first - 1].id, now);
        if (!above.can(Action::View)) break;
        first = place_of(above, first - 1);
    }
    return first;
}

bool owned_by(const sharing::Item& item, const std::vector<sharing::Item>& ancestors, const Viewer& viewer) {
    const auto& root = ancestors.empty() ? item : ancestors.front();
    return viewer.is_person() && root.kind == "space" && root.owner == viewer.person;
}

} // namespace

bool is_container(std::string_view kind) {
    return kind == "folder" || kind == "handin" || kind == "space" || kind == sharing::team_kind;
}

std::vector<sharing::Item> visible_path(db::Tx& tx, const Viewer& viewer, const sharing::Item& item,
                                        const sharing::Standing& standing, Millis now) {
    auto ancestors = sharing::ancestors(tx, item.id);
    auto first = first_visible(tx, viewer, ancestors, standing, now);
    ancestors.erase(ancestors.begin(), ancestors.begin() + static_cast<std::ptrdiff_t>(first));
    return ancestors;
}

Result<Listing> list_folder(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing, const ListWish& wish,
                            Millis now) {
    if (!standing.item || !standing.can(Action::View)) return refusal_of(standing);
    if (!is_container(standing.item->kind)) return fail(Error::Kind::Invalid, "files.not_a_folder");

    auto folder = standing.item->id;
    auto ancestors = sharing::ancestors(tx, folder);
    Listing listing{.folder = *standing.item,
                    .count = sharing::count_children(tx, viewer, folder, now),
                    .role = standing.role,
                    .own = owned_by(*standing.item, ancestors, viewer),
                    .rows = sharing::children(tx, viewer, folder, wish.after, wish.limit + 1, now, wish.order)};
    if (std::ssize(listing.rows) > wish.limit) {
        listing.rows.resize(static_cast<std::size_t>(wish.limit));
        listing.next = sharing::key_of(listing.rows.back(), wish.order);
    }
    fill_roles(tx, viewer, listing, now);
    std::vector<ItemId> ids;
    for (const auto& row : listing.rows) ids.push_back(row.id);
    for (auto id : sharing::favourites_among(tx, viewer, ids)) listing.favourites.insert(id);
    listing.files = store::files_of(tx, ids_of(listing.rows, true));
    auto containers = ids_of(listing.rows, false);
    containers.push_back(folder.value);
    for (const auto& mark : store::running_copies(tx, containers)) listing.copying.emplace(mark.item, mark);
    listing.counts = store::child_counts(tx, ids_of(listing.rows, false),
                                         listing.role >= Role::Manage ? store::Count::All : store::Count::Inherited);
    fill_audiences(tx, viewer, listing, now);
    listing.shortcuts = shortcuts_among(tx, viewer, listing.rows, now);
    auto first = first_visible(tx, viewer, ancestors, standing, now);
    listing.path.assign(ancestors.begin() + static_cast<std::ptrdiff_t>(first), ancestors.end());
    return listing;
}

Result<FileListing> show_file(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing, Millis now) {
    if (!standing.item || !standing.can(Action::View)) return refusal_of(standing);
    auto file = store::find_file(tx, standing.item->id);
    if (!file) return not_found("sharing.item");
    auto ancestors = sharing::ancestors(tx, standing.item->id);
    auto first = first_visible(tx, viewer, ancestors, standing, now);
    FileListing listing{
        .item = *standing.item,
        .role = standing.role,
        .own = owned_by(*standing.item, ancestors, viewer),
        .path = {ancestors.begin() + static_cast<std::ptrdiff_t>(first), ancestors.end()},
        .file = *file,
        .audience = sharing::audiences(tx, viewer, {sharing::chip_item(*standing.item)}, now).front(),
        .comments = sharing::comment_page(tx, viewer, standing),
    };
    if (standing.can(Action::Edit)) listing.activity = sharing::activity_of(tx, standing.item->id);
    return listing;
}

Viewer with_manager_of(db::Tx& tx, const Viewer& viewer, ItemId space) {
    auto stand_in = viewer;
    for (const auto& grant : sharing::grants_on(tx, space))
        if (grant.role == Role::Manage) stand_in.subjects.push_back({grant.subject_kind, grant.subject});
    std::ranges::sort(stand_in.subjects);
    return stand_in;
}

Result<sharing::Item> create_folder(db::Tx& tx, sharing::World& world, const Viewer& viewer, ItemId parent,
                                    std::string_view name) {
    auto folder =
        TRY(sharing::create_item(tx, world, viewer, {.parent = parent, .kind = "folder", .title = std::string{name}}));
    TRY(check_container(tx, parent));
    return folder;
}

Result<void> check_container(db::Tx& tx, ItemId folder) {
    // Asked after the right, so that nobody learns the kind of what they may not see; an error rolls the closure back.
    if (!is_container(store::kind_of(tx, folder))) return fail(Error::Kind::Invalid, "files.not_a_folder");
    return {};
}

} // namespace preau::files
