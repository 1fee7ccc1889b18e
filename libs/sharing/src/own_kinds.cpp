// What sharing itself enters into the registry of kinds.
#include "poll_store.hpp"
#include "sharing/kinds.hpp"
#include "sharing/publishing.hpp"
#include "sharing/shortcut.hpp"
#include "shortcut_store.hpp"
#include "tree_store.hpp"
#include "waiting_counts.hpp"
#include "web/locale.hpp"

namespace preau::sharing {
namespace {

// "Publication refusée : Volcans", with the reason, until one asks again, for two weeks.
void add_refusals(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now, std::vector<Waits>& waits) {
    auto refused = refused_lately(tx, viewer.person, now);
    if (refused.empty()) return;
    std::vector<std::int64_t> ids;
    for (const auto& request : refused) ids.push_back(request.item.value);
    auto items = store::items_of(tx, ids);
    for (const auto& request : refused) {
        auto item = std::ranges::find(items, request.item, &Item::id);
        if (item == items.end()) continue;
        waits.push_back({.title = locale.text("publishing.waits_refused", {{"name", item->title}}),
                         .detail = request.reason,
                         .href = "/publishing/" + to_text(request.item),
                         .icon = "world",
                         .hue = "bad"});
    }
}

std::vector<Waits> waiting_decisions(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now) {
    std::vector<Waits> waits;
    const auto count = count_waiting(tx, viewer, now);
    if (count.approvals > 0)
        waits.push_back({.title = locale.plural("publishing.waits", count.approvals),
                         .detail = locale.text("publishing.waits_detail"),
                         .href = "/approvals",
                         .icon = "world",
                         .hue = "warn"});
    if (count.reports > 0)
        waits.push_back({.title = locale.plural("report.waits", count.reports),
                         .detail = locale.text("report.waits_detail"),
                         .href = "/reports",
                         .icon = "flag",
                         .hue = "bad"});
    add_refusals(tx, viewer, locale, now, waits);
    return waits;
}

} // namespace

void add_own_kinds(Kinds& kinds) {
    kinds.add_waits(waiting_decisions);
    kinds.add({.name = std::string{shortcut_kind},
               .app = "files",
               .icon = "arrow-guide",
               .address = "/shortcut/",
               .words = "shortcut.kind",
               .listed = false,
               .erase = [](db::Tx& tx, World&, const auto& items) { store::delete_shortcuts(tx, items); }});
    kinds.add({.name = std::string{poll_kind},
               .app = "forum",
               .icon = "chart-bar",
               .address = "/polls/",
               .words = "poll.kind",
               .erase = [](db::Tx& tx, World&, const auto& items) { store::delete_polls(tx, items); }});
}

} // namespace preau::sharing
