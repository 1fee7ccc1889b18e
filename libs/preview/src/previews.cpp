#include "preview/preview.hpp"

#include "making.hpp"
#include "preview_store.hpp"
#include "wish_queue.hpp"

#include "base/embedded.hpp"
#include "base/log.hpp"

#include <unistd.h>

namespace preau::embedded {
std::span<const EmbeddedFile> preview_migrations();
}

namespace preau::preview {
namespace {

struct Cached { // nothing: not known yet
    bool known = false;
    std::optional<Made> made; // nothing: impossible
};

Cached look_up(db::Tx& tx, const std::string& source, What what) {
    auto row = store::find(tx, source, what);
    if (!row) return {};
    if (!row->blob) return {.known = true};
    auto stored = blob::find(tx, row->blob);
    if (!stored) return {};
    return {.known = true,
            .made = Made{.locator = stored->locator, .size = stored->size, .hash = stored->hash, .type = row->type}};
}

Result<Made> answer_of(const Cached& cached) {
    if (cached.made) return *cached.made;
    return not_found("preview.impossible");
}

Result<blob::Stored> store_bytes(blob::BlobStore& blobs, const Dish& dish) {
    auto writer = TRY(blobs.create());
    std::vector<std::byte> buffer(256 * 1024);
    for (std::uint64_t at = 0; at < dish.size();) {
        const auto got = pread(dish.descriptor(), buffer.data(), buffer.size(), static_cast<off_t>(at));
        if (got <= 0) return not_found("preview.impossible");
        TRY(sync_wait(writer->write({buffer.data(), static_cast<std::size_t>(got)})));
        at += static_cast<std::uint64_t>(got);
    }
    return sync_wait(writer->finish());
}

} // namespace

struct Previews::Inner {
    Inner(db::Database& the_db, blob::BlobStore& the_blobs, sandbox::Sandbox& the_sandbox, const Clock& the_clock,
          IdSource& the_ids, const Options& options)
        : db{the_db}, blobs{the_blobs}, box{the_sandbox}, clock{the_clock}, ids{the_ids},
          tools{the_sandbox, options.worker}, queue{{.at_once = options.at_once, .waiting = options.waiting},
                                                    [this](const Wish& wish) { return fulfil(wish); }} {}

    // On a thread of the queue.
    Result<Made> fulfil(const Wish& wish) {
        auto cached = db.read_now([&wish](db::Tx& tx) { return look_up(tx, wish.source.hash, wish.what); });
        if (cached.known) return answer_of(cached);
        auto why_not = tools.why_not(wish.what, wish.media_type);
        const auto kind = kind_of(wish.media_type);
        if (!why_not.empty()) return fail(Error::Kind::Unavailable, "preview.off");
        auto source = TRY(sync_wait(blobs.open(wish.source.locator)));
        auto dish = cook(wish, kind, source);
        if (!dish && dish.error().key != "preview.impossible") return std::unexpected(dish.error());
        if (!dish) {
            remember_impossible(wish);
            return std::unexpected(dish.error());
        }
        return keep(wish, TRY(store_bytes(blobs, *dish)));
    }

    // Pages of an office document are those of its PDF, which is kept too: the viewer will ask for it.
    Result<Dish> cook(const Wish& wish, Kind kind, const blob::Source& source) {
        const bool office = kind == Kind::Zipped || kind == Kind::Office;
        const bool by_pdf = office && wish.what != What::Document && !(kind == Kind::Zipped && wish.what == What::Text);
        if (!by_pdf)
            return make_dish(box, tools, wish.what, kind, wish.media_type,
                             {*source.descriptor, source.offset, source.length});
        auto document = TRY(fulfil({.what = What::Document, .source = wish.source, .media_type = wish.media_type}));
        auto pdf = TRY(sync_wait(blobs.open(document.locator)));
        return make_dish(box, tools, wish.what, Kind::Pdf, document.type, {*pdf.descriptor, pdf.offset, pdf.length});
    }

    void remember_impossible(const Wish& wish) {
        db.write_now([this, hash = wish.source.hash, what = wish.what](db::Tx& tx) {
            store::insert(tx, ids.next(), hash, what, "", clock.now());
        });
    }

    Result<Made> keep(const Wish& wish, const blob::Stored& stored) {
        return db.write_now([this, stored, hash = wish.source.hash, what = wish.what](db::Tx& tx) -> Result<Made> {
            const auto id = ids.next();
            if (!store::insert(tx, id, hash, what, type_of(what), clock.now())) {
                blobs.discard(stored.locator); // another server was quicker
                return answer_of(look_up(tx, hash, what));
            }
            const auto blob = blob::add(tx, ids, blobs, stored, id);
            store::set_blob(tx, id, blob);
            auto named = blob::find(tx, blob).value_or(stored); // the same bytes may have stood there already
            return Made{
                .locator = named.locator, .size = named.size, .hash = named.hash, .type = std::string{type_of(what)}};
        });
    }

    db::Database& db;
    blob::BlobStore& blobs;
    sandbox::Sandbox& box;
    const Clock& clock;
    IdSource& ids;
    Tools tools;
    Queue queue; // last: its threads use all of the above
};

Previews::Previews(db::Database& db, blob::BlobStore& blobs, sandbox::Sandbox& sandbox, const Clock& clock,
                   IdSource& ids, Options options)
    : inner_{std::make_unique<Inner>(db, blobs, sandbox, clock, ids, options)} {}
Previews::~Previews() = default;

bool Previews::can_make(What what, std::string_view media_type) const {
    return inner_->tools.can_make(what, media_type);
}
std::vector<Ability> Previews::abilities() const { return inner_->tools.abilities(); }

Task<Result<Made>> Previews::make(What what, blob::Stored source, std::string media_type) {
    auto cached = co_await inner_->db.read([hash = source.hash, what](db::Tx& tx) { return look_up(tx, hash, what); });
    if (cached.known) co_return answer_of(cached);
    if (kind_of(media_type) == Kind::None) co_return not_found("preview.impossible");
    if (!can_make(what, media_type)) co_return fail(Error::Kind::Unavailable, "preview.off");
    Wish wish{.what = what, .source = std::move(source), .media_type = std::move(media_type)};
    auto launch = [this, &wish](auto done) {
        auto shared = std::make_shared<decltype(done)>(std::move(done)); // a queue of copyable functions
        inner_->queue.add(wish, [shared](const Result<Made>& result) { (*shared)(result); });
    };
    co_return co_await off_thread<Result<Made>>(std::move(launch));
}

namespace {

constexpr int release_step = 500;

Task<void> release_unreferenced(db::Database& db, jobs::Job) {
    for (std::int64_t last = 0;;) {
        auto rows = co_await db.read([last](db::Tx& tx) { return store::after(tx, last, release_step); });
        if (rows.empty()) co_return;
        last = rows.back().id;
        std::erase_if(rows, [](const auto& row) { return row.source != 0; });
        if (rows.empty()) continue;
        co_await db.write({}, [rows](db::Tx& tx) {
            for (const auto& row : rows) {
                blob::release(tx, row.id);
                store::remove(tx, row.id);
            }
        });
    }
}

} // namespace

void Previews::add_jobs(jobs::Jobs& jobs) {
    auto& db = inner_->db;
    jobs.handle("preview.release", [&db](jobs::Job job) { return release_unreferenced(db, std::move(job)); });
    jobs.every(1_days, "preview.release");
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> all;
    for (const auto& file : embedded::preview_migrations())
        all.push_back({.name = "preview/" + std::string{file.name}, .sql = std::string{file.data}});
    return all;
}

} // namespace preau::preview
