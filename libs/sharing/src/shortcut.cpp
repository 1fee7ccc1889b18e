#include "sharing/shortcut.hpp"

#include "shortcut_store.hpp"
#include "tree_store.hpp"

namespace preau::sharing {

Result<Item> create_shortcut(db::Tx& tx, World& world, const Viewer& viewer, ItemId folder, ItemId target,
                             std::string_view name, std::string_view neutral) {
    const auto now = world.clock.now();
    auto seen = standing(tx, viewer, target, now);
    if (seen.item && seen.item->kind == shortcut_kind && seen.can(Action::View)) {
        auto behind = store::shortcuts(tx, std::array{target.value});
        target = behind.empty() ? ItemId{} : behind.front().target;
        seen = standing(tx, viewer, target, now);
    }
    if (!seen.item || !seen.can(Action::View) || seen.trashed) return not_found("shortcut.target");
    if (folder == target) return invalid("target", "shortcut.itself");
    auto made = TRY(create_item(tx, world, viewer,
                                {.parent = folder,
                                 .kind = std::string{shortcut_kind},
                                 .title = std::string{name.empty() ? neutral : name},
                                 .if_taken = NewItem::IfTaken::Number}));
    store::insert_shortcut(tx, {.item = made.id, .target = target});
    return made;
}

std::map<ItemId, ShortcutTarget> shortcut_targets(db::Tx& tx, const Viewer& viewer,
                                                  const std::vector<ItemId>& shortcuts, Millis now) {
    std::map<ItemId, ShortcutTarget> found;
    std::vector<std::int64_t> ids;
    for (auto shortcut : shortcuts) {
        ids.push_back(shortcut.value);
        found[shortcut] = {};
    }
    if (ids.empty()) return found;
    auto rows = store::shortcuts(tx, ids);
    std::vector<ItemId> targets;
    std::vector<std::int64_t> target_ids;
    for (const auto& row : rows) {
        targets.push_back(row.target);
        target_ids.push_back(row.target.value);
    }
    if (targets.empty()) return found;
    auto reach = reaches(tx, viewer, targets, now);
    auto items = store::items_of(tx, target_ids);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto item = std::ranges::find(items, rows[i].target, &Item::id);
        if (item == items.end() || reach[i].role < Role::View || reach[i].trashed) continue;
        found[rows[i].item] = {
            .state = ShortcutTarget::State::Open, .item = item->id, .kind = item->kind, .title = item->title};
    }
    return found;
}

void name_shortcuts(db::Tx& tx, const Viewer& viewer, std::vector<ChildRow>& rows, Millis now) {
    std::vector<ItemId> shortcuts;
    for (const auto& row : rows)
        if (row.kind == shortcut_kind) shortcuts.push_back(row.id);
    if (shortcuts.empty()) return;
    auto targets = shortcut_targets(tx, viewer, shortcuts, now);
    for (auto& row : rows)
        if (auto target = targets.find(row.id);
            target != targets.end() && target->second.state == ShortcutTarget::State::Open)
            row.title = target->second.title;
}

} // namespace preau::sharing
