#include "files/gathered/gathered.hpp"

#include "base/text.hpp"
#include "files/folder/folder_service.hpp"
#include "sharing/favourite.hpp"

#include <charconv>

namespace preau::files {
namespace {

using Items = std::vector<sharing::Item>;

// "MILLIS.ID"
std::string shared_key_text(const sharing::SharedKey& key) { return std::to_string(key.at) + "." + to_text(key.id); }

Result<sharing::SharedKey> parse_shared_key(std::string_view text) {
    sharing::SharedKey key;
    if (text.empty()) return key;
    const auto parts = split(text, '.');
    const auto malformed = fail(Error::Kind::Malformed, "files.page_key");
    if (parts.size() != 2) return malformed;
    const auto* end = parts[0].data() + parts[0].size();
    auto [stop, problem] = std::from_chars(parts[0].data(), end, key.at);
    auto id = parse_id<ItemId>(parts[1]);
    if (problem != std::errc{} || stop != end || !id || !*id) return malformed;
    key.id = *id;
    return key;
}

void fill_rows(db::Tx& tx, const Viewer& viewer, Listing& listing, const Items& items, Millis now) {
    std::vector<std::int64_t> all, containers, in_files;
    std::vector<ItemId> ids;
    for (const auto& item : items) {
        listing.rows.push_back({.id = item.id,
                                .kind = item.kind,
                                .title = item.title,
                                .owner = item.owner,
                                .changed_at = item.changed_at,
                                .revision = item.revision,
                                .restricted = item.restricted});
        ids.push_back(item.id);
        all.push_back(item.id.value);
        if (is_container(item.kind)) containers.push_back(item.id.value);
        if (item.kind == "file") in_files.push_back(item.id.value);
    }
    auto answers = sharing::reaches(tx, viewer, ids, now);
    for (std::size_t i = 0; i < ids.size(); ++i) listing.roles[ids[i]] = answers[i].role;
    listing.files = store::files_of(tx, in_files);
    listing.counts = store::child_counts(tx, containers, store::Count::Inherited);
    for (auto id : sharing::favourites_among(tx, viewer, ids)) listing.favourites.insert(id);
}

void fill_row_audiences(db::Tx& tx, const Viewer& viewer, Listing& listing, const Items& items, Millis now) {
    std::vector<sharing::ChipItem> asked;
    for (const auto& item : items) asked.push_back(sharing::chip_item(item));
    auto found = sharing::audiences(tx, viewer, asked, now);
    for (std::size_t i = 0; i < items.size(); ++i) listing.audiences[items[i].id] = std::move(found[i]);
}

void take_shared(db::Tx& tx, GatheredList& list, Items& items, sharing::SharedPage page) {
    std::vector<std::int64_t> people;
    for (const auto& row : page.rows) people.push_back(row.given_by.value);
    std::map<PersonId, std::string> names;
    if (!people.empty())
        for (auto& person : identity::people_of(tx, people)) names[person.id] = std::move(person.name);
    for (auto& row : page.rows) {
        list.givers[row.item.id] = names[row.given_by];
        items.push_back(row.item);
        list.shared.push_back(std::move(row));
    }
    if (page.next) list.next = shared_key_text(*page.next);
}

} // namespace

Result<GatheredList> gather(db::Tx& tx, const Files& files, const Viewer& viewer, Gathered which,
                            std::string_view after, int limit, Millis now) {
    GatheredList list{.side = find_side(tx, viewer, now)};
    Items items;
    switch (which) {
    case Gathered::Shared:
    case Gathered::Hidden: {
        const auto hidden = which == Gathered::Hidden ? sharing::Hidden::Only : sharing::Hidden::Without;
        take_shared(tx, list, items,
                    sharing::shared_with(tx, viewer, hidden, TRY(parse_shared_key(after)), limit, now));
        break;
    }
    case Gathered::Recents: items = sharing::recent_items(tx, viewer, std::min(limit, 100), now); break;
    case Gathered::Favourites: {
        const auto key = parse_id<ItemId>(after);
        if (!after.empty() && !key) return fail(Error::Kind::Malformed, "files.page_key");
        items = sharing::favourites(tx, viewer, key.value_or(ItemId{}), limit, now);
        if (std::ssize(items) == limit) list.next = to_text(items.back().id);
        break;
    }
    }
    std::erase_if(items, [&](const auto& item) { return files.kinds.of(item.kind).app != "files"; });
    std::erase_if(list.shared, [&](const auto& row) { return files.kinds.of(row.item.kind).app != "files"; });
    fill_rows(tx, viewer, list.listing, items, now);
    fill_row_audiences(tx, viewer, list.listing, items, now);
    return list;
}

} // namespace preau::files
