// Thumbnails are made when files come, so that they are there when the teacher looks. Only a kindness: when too many
// come at once it is left out, and who looks waits a moment.
#include "files/preview/file_previews.hpp"

namespace preau::files {
namespace {

constexpr auto job_kind = "preview.make";

bool brings_bytes(std::string_view event) {
    return event == "file.uploaded" || event == "file.replaced" || event == "file.handed_in";
}

// In the transaction that moves the subscriber's cursor.
void enqueue_previews(Files& files, db::Tx& tx, std::span<const jobs::Event> events) {
    std::vector<std::int64_t> items;
    for (const auto& event : events)
        if (brings_bytes(event.kind)) items.push_back(event.item);
    for (const auto& [item, row] : store::files_of(tx, items))
        if (files.previews->can_make(preview::What::Thumbnail, row.type))
            files.world.jobs.enqueue(tx, {.kind = job_kind, .payload = to_text(item), .key = to_text(item)});
}

Task<void> make_preview(Files& files, jobs::Job job) {
    struct Found {
        blob::Stored stored;
        std::string type;
    };
    const auto item = parse_id<ItemId>(job.payload).value_or(ItemId{});
    auto found = co_await files.db.read([item](db::Tx& tx) -> std::optional<Found> {
        auto row = store::find_file(tx, item);
        if (!row) return std::nullopt;
        auto stored = blob::find(tx, row->blob);
        if (!stored) return std::nullopt;
        return Found{*stored, row->type};
    });
    if (!found) co_return; // gone again
    // Whatever the answer: broken bytes are remembered, and a busy moment is not worth a second try.
    [[maybe_unused]] auto made =
        co_await files.previews->make(preview::What::Thumbnail, found->stored, std::move(found->type));
}

} // namespace

void make_previews_of_uploads(Files& files) {
    if (!files.previews) return;
    files.previews->add_jobs(files.world.jobs);
    files.world.jobs.handle(job_kind, [&files](jobs::Job job) { return make_preview(files, std::move(job)); },
                            {.attempts = 3});
    files.world.jobs.subscribe("files.previews", {"file."}, [&files](db::Tx& tx, std::span<const jobs::Event> events) {
        enqueue_previews(files, tx, events);
    });
}

} // namespace preau::files
