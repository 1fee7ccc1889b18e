// Lists: children of a folder, what was given to a subject, the trash, recents. Nothing is listed that the viewer may
// not see.
#include "sharing/shortcut.hpp"
#include "sharing/tree.hpp"
#include "tree_store.hpp"
#include "visible_items.hpp"

#include <limits>
#include <set>

namespace preau::sharing {
namespace {

constexpr int page_limit = 501; // a page of 500, and one more to know whether there is another

// Drops restricted children that the viewer cannot reach; the others were answered for by the folder. One query at
// most.
void drop_unreachable(db::Tx& tx, const Viewer& viewer, std::vector<ChildRow>& rows, Millis now) {
    std::vector<ItemId> doubtful;
    for (const auto& row : rows)
        if (row.restricted) doubtful.push_back(row.id);
    if (doubtful.empty()) return;
    auto answers = reaches(tx, viewer, doubtful, now);
    std::set<ItemId> hidden;
    for (std::size_t i = 0; i < doubtful.size(); ++i)
        if (answers[i].role < Role::View) hidden.insert(doubtful[i]);
    std::erase_if(rows, [&](const ChildRow& row) { return hidden.contains(row.id); });
}

} // namespace

ChildKey key_of(const ChildRow& row, ChildOrder order) {
    ChildKey key{.sort = row.sort, .id = row.id};
    if (order.by == ChildOrder::By::Changed) key.number = row.changed_at;
    if (order.by == ChildOrder::By::Size) key.number = row.weight;
    if (order.by == ChildOrder::By::Kind) key.ending = row.ending;
    return key;
}

std::vector<ChildRow> children(db::Tx& tx, const Viewer& viewer, ItemId folder, const ChildKey& after, int limit,
                               Millis now, ChildOrder order) {
    limit = std::clamp(limit, 1, page_limit);
    std::vector<std::int64_t> subject_ids;
    for (const auto& subject : viewer.subjects) subject_ids.push_back(subject.id);
    store::ChildQuery query{.folder = folder,
                            .space = store::space_of(tx, folder).value_or(ItemId{}),
                            .subject_ids = subject_ids,
                            .order = order,
                            .now = now};
    std::vector<ChildRow> page;
    auto key = after;
    // First what holds others, then what does not: two ranges of an index, each read in one direction.
    for (bool holders : {true, false}) {
        query.holders = holders;
        if (holders && key.sort.starts_with('1')) continue;
        if (!holders && key.sort.starts_with('0')) key = {};
        // The store answers a superset. A page that lost some is filled up, so that a short page means the end.
        while (std::ssize(page) < limit) {
            query.limit = limit - static_cast<int>(page.size());
            auto rows = store::children(tx, query, key);
            const bool more = std::ssize(rows) == query.limit;
            if (!rows.empty()) key = key_of(rows.back(), order);
            drop_unreachable(tx, viewer, rows, now);
            std::ranges::move(rows, std::back_inserter(page));
            if (!more) break;
        }
    }
    name_shortcuts(tx, viewer, page, now);
    return page;
}

std::int64_t count_children(db::Tx& tx, const Viewer& viewer, ItemId folder, Millis now) {
    auto count = store::count_children(tx, folder);
    std::vector<ItemId> restricted;
    for (auto id : store::restricted_children(tx, folder)) restricted.push_back(ItemId{id});
    for (const auto& reach : reaches(tx, viewer, restricted, now))
        if (reach.role < Role::View) --count;
    return count;
}

std::vector<Item> ancestors(db::Tx& tx, ItemId item) { return store::ancestors(tx, item); }

std::vector<Item> trashed(db::Tx& tx, ItemId space, ItemId before, int limit) {
    auto trash = store::trash_of(tx, space);
    if (!trash) return {};
    auto before_at = std::numeric_limits<Millis>::max();
    if (before)
        if (auto last = store::find_item(tx, before); last && last->trashed_at) before_at = *last->trashed_at;
    return store::trashed(tx, space, *trash, before_at, before, std::clamp(limit, 1, page_limit));
}

std::vector<ChildRow> items_granted_to(db::Tx& tx, Subject subject, int limit, Millis now) {
    const Viewer only_them{.subjects = {subject}};
    limit = std::clamp(limit, 1, page_limit);
    std::vector<ChildRow> page;
    auto before = std::numeric_limits<std::int64_t>::max();
    while (std::ssize(page) < limit) {
        auto rows = store::granted_to(tx, subject, before, limit, now);
        std::vector<ItemId> ids;
        for (const auto& row : rows) ids.push_back(row.id);
        auto answers = reaches(tx, only_them, ids, now);
        for (std::size_t i = 0; i < rows.size() && std::ssize(page) < limit; ++i)
            if (!answers[i].trashed && (answers[i].role >= Role::View || answers[i].deposit))
                page.push_back(std::move(rows[i]));
        if (std::ssize(rows) < limit) break;
        before = ids.back().value;
    }
    return page;
}

std::vector<Item> recent_items(db::Tx& tx, const Viewer& viewer, int limit, Millis now) {
    if (!viewer.is_person()) return {};
    limit = std::clamp(limit, 1, 100);
    // Some of the latest may have been thrown away or taken back since: look a little further than asked.
    const int sought = limit + 10;
    auto recents = store::recents_made(tx, viewer.person, sought);
    for (auto& done : store::recents_done(tx, viewer.person, sought)) recents.push_back(done);
    std::ranges::sort(recents, std::ranges::greater{},
                      [](const store::Recent& recent) { return std::pair{recent.at, recent.id}; });
    if (std::ssize(recents) > sought) recents.resize(static_cast<std::size_t>(sought));
    std::vector<ItemId> ids;
    for (const auto& recent : recents) ids.push_back(recent.id);
    auto items = visible_items(tx, viewer, ids, now);
    std::erase_if(items, [](const Item& item) { return !item.parent || item.kind == "trash"; });
    std::vector<Item> page;
    for (const auto& recent : recents) {
        auto at = std::ranges::find(items, recent.id, &Item::id);
        if (at != items.end() && std::ssize(page) < limit) page.push_back(*at);
    }
    return page;
}

} // namespace preau::sharing
