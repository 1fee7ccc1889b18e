#include "files/copying/copying.hpp"

#include "base/text.hpp"
#include "files/copying/copy_store.hpp"
#include "files/folder/folder_service.hpp"
#include "sharing/moving.hpp"
#include "sharing/shortcut.hpp"

#include <deque>
#include <set>

namespace preau::files {
namespace {

using store::Todo;
using State = CopyState::State;

constexpr std::int64_t most_counted = 1'000'000; // for the progress of a copy; beyond that it is only about right

bool copied_kind(std::string_view kind) { return kind == "file" || kind == "folder" || kind == sharing::shortcut_kind; }

// Counted before anything is made: one item that does not fit fails alone, and what it began would stay.
Result<void> charge_copy(db::Tx& tx, const Files& files, const FileRow* file, ItemId to) {
    if (!file) return {};
    return charge(tx, files.limits.quota, sharing::space_of(tx, to).value_or(to), file->size);
}

// The item anew, with its bytes where it has any. What it holds is the caller's business.
Result<sharing::Item> copy_one(db::Tx& tx, Files& files, const Viewer& viewer, ItemId source, std::string_view kind,
                               std::string_view title, const FileRow* file, ItemId to) {
    TRY(charge_copy(tx, files, file, to));
    auto made = sharing::create_item(tx, files.world, viewer,
                                     {.parent = to,
                                      .kind = std::string{kind},
                                      .title = std::string{title},
                                      .if_taken = sharing::NewItem::IfTaken::Number});
    if (!made && file) give_back(tx, sharing::space_of(tx, to).value_or(to), file->size);
    if (!made || kind != "file") return made;
    const auto& item = *made;
    auto row = *file;
    row.item = item.id;
    row.mtime = files.world.clock.now();
    // Replaced by somebody in this very moment: nothing of it is kept, and the next try finds the new bytes.
    if (!blob::share(tx, row.blob, item.id.value)) throw db::Failure{"the bytes went while they were being copied"};
    store::insert_file(tx, row);
    sharing::record_event(tx, files.world, viewer, "file.copied", item.id, to_text(source));
    return item;
}

// Under the pointer's own title: lists show the target's in its place, to those who may know it.
Result<sharing::Item> copy_shortcut(db::Tx& tx, Files& files, const Viewer& viewer, ItemId source, ItemId to) {
    auto own = sharing::find_item(tx, source);
    if (!own) return not_found("sharing.item");
    return sharing::create_shortcut(tx, files.world, viewer, to, source, own->title, own->title);
}

// The next children of one folder, `most` at most. Answers how many were looked at; `todo` goes to its new key.
struct Slice {
    std::int64_t copied = 0;
    std::vector<Todo> found; // folders among them
    bool finished = false;
};
Result<Slice> copy_children(db::Tx& tx, Files& files, const Viewer& viewer, Todo& todo,
                            const std::vector<ItemId>& roots, int most) {
    Slice slice;
    const auto now = files.world.clock.now();
    auto standing = sharing::standing(tx, viewer, todo.source, now);
    // Taken back or thrown away since: what is there by now stays, the rest cannot be read.
    if (!standing.can(Action::View) || standing.trashed) return Slice{.finished = true};
    auto rows = sharing::children(tx, viewer, todo.source, {.sort = todo.after_sort, .id = todo.after_id}, most, now);
    std::vector<std::int64_t> in_files;
    for (const auto& row : rows)
        if (row.kind == "file") in_files.push_back(row.id.value);
    const auto found = store::files_of(tx, in_files);
    for (const auto& row : rows) {
        // The copy itself may have been moved into what is being copied: it is not copied on and on.
        if (!copied_kind(row.kind) || row.restricted || std::ranges::find(roots, row.id) != roots.end()) continue;
        if (row.kind == sharing::shortcut_kind) {
            auto made = copy_shortcut(tx, files, viewer, row.id, todo.target);
            if (made) ++slice.copied;
            if (!made && made.error().key != "shortcut.target") return std::unexpected(made.error());
            continue;
        }
        auto file = found.find(row.id);
        if (row.kind == "file" && file == found.end()) continue;
        auto made = TRY(copy_one(tx, files, viewer, row.id, row.kind, row.title,
                                 file == found.end() ? nullptr : &file->second, todo.target));
        ++slice.copied;
        if (row.kind == "folder") slice.found.push_back({.source = row.id, .target = made.id});
    }
    slice.finished = std::ssize(rows) < most;
    if (!rows.empty()) {
        todo.after_sort = rows.back().sort;
        todo.after_id = rows.back().id;
    }
    return slice;
}

// All that a small folder holds, in this transaction.
Result<void> copy_below(db::Tx& tx, Files& files, const Viewer& viewer, ItemId source, ItemId target) {
    std::deque<Todo> todo{{.source = source, .target = target}};
    const std::vector<ItemId> roots{target};
    while (!todo.empty()) {
        auto slice = TRY(copy_children(tx, files, viewer, todo.front(), roots, copied_at_once));
        if (slice.finished) todo.pop_front();
        std::ranges::move(slice.found, std::back_inserter(todo));
    }
    return {};
}

Result<void> check_source(const sharing::Standing& standing, const std::set<ItemId>& above) {
    auto item = TRY(sharing::allow(standing, Action::View));
    if (standing.trashed) return fail(Error::Kind::Conflict, "sharing.trashed");
    if (!copied_kind(item.kind)) return fail(Error::Kind::Invalid, "files.not_copied");
    if (above.contains(item.id)) return fail(Error::Kind::Invalid, "sharing.into_itself");
    return {};
}

} // namespace

Result<Copied> copy_items(db::Tx& tx, Files& files, const Viewer& viewer, const std::vector<ItemId>& items, ItemId to) {
    if (items.size() > sharing::most_at_once) return fail(Error::Kind::Invalid, "sharing.too_many");
    const auto now = files.world.clock.now();
    TRY(sharing::require(tx, viewer, Action::Edit, to, now));
    TRY(check_container(tx, to));
    std::set<ItemId> above{to};
    for (const auto& item : sharing::ancestors(tx, to)) above.insert(item.id);
    Copied copied;
    std::vector<std::int64_t> folders;
    std::vector<std::int64_t> in_files;
    std::vector<std::pair<std::size_t, sharing::Item>> sources;
    std::set<ItemId> once;
    for (auto id : items) {
        if (!once.insert(id).second) continue;
        auto standing = sharing::standing(tx, viewer, id, now);
        copied.outcomes.push_back({.source = id, .item = not_found("sharing.item")});
        if (auto fine = check_source(standing, above); !fine) {
            copied.outcomes.back().item = std::unexpected(fine.error());
            continue;
        }
        if (standing.item->kind == "folder") folders.push_back(id.value);
        if (standing.item->kind == "file") in_files.push_back(id.value);
        sources.emplace_back(copied.outcomes.size() - 1, *standing.item);
    }
    const bool small = store::count_below(tx, folders, copied_at_once + 1) <= copied_at_once;
    CopyState job{.id = files.world.ids.next_as<CopyId>(), .person = viewer.person, .at = now};
    if (!small) {
        if (!viewer.is_person()) return fail(Error::Kind::Invalid, "sharing.too_many"); // a job needs whom to act for
        job.total = store::count_below(tx, folders, most_counted);
        job.done = std::ssize(folders);
        store::insert_copy(tx, job);
    }
    const auto found = store::files_of(tx, in_files);
    for (auto& [index, source] : sources) {
        auto& outcome = copied.outcomes[index];
        auto file = found.find(source.id);
        if (source.kind == "file" && file == found.end()) continue;
        if (source.kind == sharing::shortcut_kind) {
            outcome.item = copy_shortcut(tx, files, viewer, source.id, to);
            continue;
        }
        outcome.item = copy_one(tx, files, viewer, source.id, source.kind, source.title,
                                file == found.end() ? nullptr : &file->second, to);
        if (!outcome.item || source.kind == "file") continue;
        if (small) {
            TRY(copy_below(tx, files, viewer, source.id, outcome.item->id));
            continue;
        }
        store::insert_root(tx, job.id, outcome.item->id);
        store::insert_todo(tx, job.id, {.source = source.id, .target = outcome.item->id});
    }
    if (!small) {
        files.world.jobs.enqueue(tx, {.kind = "files.copy", .payload = to_text(job.id)});
        copied.job = job.id;
    }
    return copied;
}

Result<CopyState> find_copy(db::Tx& tx, const Viewer& viewer, CopyId copy) {
    auto found = store::find_copy(tx, copy);
    if (!found || !viewer.is_person() || found->person != viewer.person) return not_found("files.no_such_job");
    return *found;
}

Result<std::vector<ItemId>> cancel_copy(db::Tx& tx, const Viewer& viewer, CopyId copy) {
    TRY(find_copy(tx, viewer, copy));
    if (!store::end_copy(tx, copy, State::Cancelled, "")) return std::vector<ItemId>{};
    return store::roots_of(tx, copy);
}

namespace {

struct Progress {
    bool more = false;
    std::optional<Viewer> clean_up; // ended half-way: what it made at the top is thrown away, with this one's rights
    std::vector<ItemId> roots;
};

// A slice of a running copy. Its transaction holds both what was copied and what is left to do, so that after a crash
// it goes on exactly there.
Result<Progress> copy_slice(db::Tx& tx, Files& files, CopyId id) {
    auto copy = store::find_copy(tx, id);
    if (!copy || copy->state != State::Running) return Progress{};
    auto viewer = identity::find_viewer(tx, copy->person);
    if (!viewer) return fail(Error::Kind::Forbidden, "sharing.role");
    const auto roots = store::roots_of(tx, id);
    int left = copied_at_once;
    std::int64_t copied = 0;
    while (left > 0) {
        auto todo = store::next_todo(tx, id);
        if (!todo) {
            store::end_copy(tx, id, State::Done, "");
            break;
        }
        const auto before = *todo;
        auto slice = TRY(copy_children(tx, files, *viewer, *todo, roots, left));
        slice.finished ? store::delete_todo(tx, id, before) : store::move_todo(tx, id, *todo);
        for (const auto& found : slice.found) store::insert_todo(tx, id, found);
        copied += slice.copied;
        left -= static_cast<int>(std::max<std::int64_t>(slice.copied, 1));
    }
    store::advance_copy(tx, id, copied);
    return Progress{.more = left <= 0};
}

Progress fail_copy(db::Tx& tx, CopyId id, const std::string& problem) {
    Progress ended{.roots = store::roots_of(tx, id)};
    auto copy = store::find_copy(tx, id);
    if (!copy || !store::end_copy(tx, id, State::Failed, problem) || ended.roots.empty()) return ended;
    // Who copied may have no right there any more: then the space clears away what they left half done.
    const auto space = sharing::space_of(tx, ended.roots.front()).value_or(ItemId{});
    ended.clean_up = with_manager_of(tx, identity::find_viewer(tx, copy->person).value_or(Viewer{}), space);
    return ended;
}

Task<void> run_copy(Files& files, jobs::Job job) {
    const auto id = parse_id<CopyId>(job.payload).value_or(CopyId{});
    for (;;) {
        auto slice =
            co_await files.db.write(db::lane_of(id), [&files, id](db::Tx& tx) { return copy_slice(tx, files, id); });
        if (slice && slice->more) continue;
        if (slice) co_return;
        auto ended = co_await files.db.write(
            db::lane_of(id), [id, problem = slice.error().key](db::Tx& tx) { return fail_copy(tx, id, problem); });
        if (ended.clean_up)
            (void)co_await sharing::change_places(files.db, files.world, *ended.clean_up,
                                                  {.what = sharing::Change::What::Trash, .items = ended.roots});
        co_return;
    }
}

} // namespace

void handle_copies(Files& files) {
    files.world.jobs.handle("files.copy", [&files](jobs::Job job) { return run_copy(files, std::move(job)); });
}

} // namespace preau::files
