#include "files/zip/zip_walk.hpp"

#include "files/folder/folder_service.hpp"
#include "files/upload/file_store.hpp"

#include <deque>

namespace preau::files::zip {
namespace {

constexpr int rows_at_once = 500;     // one page of one folder
constexpr std::size_t rows_a_read = 2000; // then the reader is free for others
constexpr std::size_t folders_a_read = 64;

struct Folder { // still to be listed, from `after` on
    ItemId item;
    std::uint32_t entry = Plan::root;
    sharing::ChildKey after;
};

struct Row {
    ItemId id;
    std::string title;
    Millis changed_at = 0;
    bool folder = false;
    blob::BlobId blob;
    std::uint64_t size = 0;
    std::optional<std::uint32_t> crc32;
    std::string locator; // only where the CRC-32 is missing
};

struct Page {
    std::vector<Row> rows;
    std::optional<sharing::ChildKey> next;
};

// Files get their bytes named; what is neither file nor folder of ours (a shortcut, a poll) has none and stays out.
void fill_in(db::Tx& tx, std::vector<Row>& rows) {
    std::vector<std::int64_t> items;
    for (const auto& row : rows)
        if (!row.folder) items.push_back(row.id.value);
    auto found = store::files_of(tx, items);
    std::erase_if(rows, [&](const Row& row) { return !row.folder && !found.contains(row.id); });
    std::vector<std::int64_t> blobs;
    for (const auto& [id, file] : found) blobs.push_back(file.blob.value);
    std::map<blob::BlobId, blob::Found> bytes;
    for (auto& each : blob::find_all(tx, blobs)) bytes.emplace(each.id, std::move(each));
    for (auto& row : rows) {
        if (row.folder) continue;
        const auto& file = found.at(row.id);
        row.changed_at = file.mtime;
        row.blob = file.blob;
        row.size = static_cast<std::uint64_t>(file.size);
        if (auto each = bytes.find(file.blob); each != bytes.end()) {
            row.crc32 = each->second.crc32;
            if (!row.crc32) row.locator = each->second.locator;
        }
    }
}

Page page_of(db::Tx& tx, const Viewer& viewer, const Folder& folder, Millis now) {
    Page page;
    auto children = sharing::children(tx, viewer, folder.item, folder.after, rows_at_once, now);
    for (auto& child : children) {
        const bool container = is_container(child.kind);
        if (!container && child.kind != "file") continue;
        page.rows.push_back(
            {.id = child.id, .title = std::move(child.title), .changed_at = child.changed_at, .folder = container});
    }
    if (std::ssize(children) == rows_at_once) page.next = sharing::ChildKey{children.back().sort, children.back().id};
    fill_in(tx, page.rows);
    return page;
}

std::vector<Page> pages_of(db::Tx& tx, const Viewer& viewer, const std::vector<Folder>& folders, Millis now) {
    std::vector<Page> pages;
    std::size_t rows = 0;
    for (const auto& folder : folders) {
        pages.push_back(page_of(tx, viewer, folder, now));
        rows += pages.back().rows.size();
        if (rows >= rows_a_read) break;
    }
    return pages;
}

struct Start {
    std::vector<Row> rows; // what stands at the top
    std::optional<ItemId> folder; // whose content does
    std::string name;
};

Result<Start> start_of(db::Tx& tx, const Viewer& viewer, const Chosen& chosen, Millis now) {
    Start start;
    for (auto id : chosen.items) {
        auto standing = sharing::standing(tx, viewer, id, now);
        auto item = TRY(sharing::allow(standing, Action::View));
        if (standing.trashed || item.kind == "trash") return not_found("sharing.item");
        const bool container = is_container(item.kind);
        if (chosen.items.size() == 1) start.name = item.title;
        if (chosen.contents_of_folder) {
            if (!container) return fail(Error::Kind::Invalid, "files.not_a_folder");
            start.folder = id;
            return start;
        }
        if (!container && item.kind != "file") continue;
        start.rows.push_back({.id = id, .title = item.title, .changed_at = item.changed_at, .folder = container});
    }
    fill_in(tx, start.rows);
    return start;
}

struct Missing { // bytes from before CRC-32 was kept
    std::uint32_t entry = 0;
    blob::BlobId blob;
    std::string locator;
};

// The walk: folders that are known and not yet listed wait in a queue, deepest last in memory never more than entries.
struct Walk {
    Plan plan;
    std::deque<Folder> waiting;
    std::vector<Missing> missing;

    bool take(std::uint32_t parent, std::vector<Row>& rows) {
        for (auto& row : rows) {
            if (plan.size() == most_entries) return false;
            if (row.folder) {
                waiting.push_back({.item = row.id, .entry = plan.add_folder(parent, row.title, row.changed_at)});
                continue;
            }
            auto entry = plan.add_file(parent, row.title, row.changed_at, row.blob, row.size, row.crc32.value_or(0));
            if (!row.crc32) missing.push_back({entry, row.blob, std::move(row.locator)});
        }
        return true;
    }
};

Task<Result<void>> walk_all(Files& files, const Viewer& viewer, Walk* walk) {
    const auto now = files.world.clock.now();
    std::uint32_t entered = Plan::root;
    while (!walk->waiting.empty()) {
        std::vector<Folder> next;
        for (std::size_t i = 0; i < std::min(folders_a_read, walk->waiting.size()); ++i)
            next.push_back(walk->waiting[i]);
        auto pages =
            co_await files.db.read([viewer, next, now](db::Tx& tx) { return pages_of(tx, viewer, next, now); });
        for (auto& page : pages) {
            auto folder = std::move(walk->waiting.front());
            walk->waiting.pop_front();
            if (entered != folder.entry) walk->plan.enter_folder();
            entered = folder.entry;
            if (!walk->take(folder.entry, page.rows)) co_return fail(Error::Kind::TooLarge, "files.zip_too_many");
            if (!page.next) continue;
            folder.after = *page.next;
            walk->waiting.push_front(std::move(folder)); // its names are still known
            break; // what was read behind it comes again, in its turn
        }
    }
    co_return Result<void>{};
}

Task<Result<void>> count_missing(Files& files, Walk* walk) {
    for (const auto& each : walk->missing) {
        auto crc32 = co_await files.blobs.crc32(each.locator);
        if (!crc32) co_return std::unexpected(crc32.error());
        walk->plan.set_crc32(each.entry, *crc32);
        co_await files.db.write(db::lane_of(each.blob),
                                [blob = each.blob, crc = *crc32](db::Tx& tx) { blob::set_crc32(tx, blob, crc); });
    }
    co_return Result<void>{};
}

} // namespace

Task<Result<Planned>> plan_archive(Files& files, Viewer viewer, Chosen chosen) {
    auto start = co_await files.db.read(
        [viewer, chosen, now = files.world.clock.now()](db::Tx& tx) { return start_of(tx, viewer, chosen, now); });
    if (!start) co_return std::unexpected(start.error());
    Walk walk;
    if (start->folder) walk.waiting.push_back({.item = *start->folder});
    walk.take(Plan::root, start->rows);
    auto walked = co_await walk_all(files, viewer, &walk);
    if (walked) walked = co_await count_missing(files, &walk);
    if (!walked) co_return std::unexpected(walked.error());
    walk.plan.close();
    co_return Planned{.plan = std::make_shared<const Plan>(std::move(walk.plan)), .name = std::move(start->name)};
}

} // namespace preau::files::zip
