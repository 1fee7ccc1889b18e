#include "files/resume/receive_part.hpp"

#include "base/log.hpp"
#include "base/secret.hpp"

#include <algorithm>
#include <memory>

namespace preau::files {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::int64_t acknowledge_every = 64 << 20; // bytes that a crash can cost on a fast line
constexpr Millis acknowledge_within = 10'000;        // and on a slow one
constexpr std::int64_t small_rest = 1 << 20;         // sent again sooner than written down once more

std::unexpected<Error> with_status(Error error, int status) {
    error.values.emplace_back("status", std::to_string(status));
    return std::unexpected(std::move(error));
}

struct Standing {
    Resumable row;
    ItemId space;
};

Result<Standing> standing_of(db::Tx& tx, const Files& files, const Viewer& viewer, const Part& part,
                             std::optional<std::uint64_t> stated) {
    auto row = TRY(find_upload(tx, files, viewer, part.token));
    if (part.offset != static_cast<std::uint64_t>(row.received))
        return std::unexpected(Error{.kind = Error::Kind::Conflict,
                                     .key = "files.upload_offset",
                                     .values = {{"offset", std::to_string(row.received)}}});
    if (stated.value_or(0) > static_cast<std::uint64_t>(row.length - row.received))
        return fail(Error::Kind::TooLarge, "files.upload_too_long");
    if (row.finished()) return Standing{.row = std::move(row)};
    auto room = TRY(check_going_on(tx, files, viewer, row));
    return Standing{.row = std::move(row), .space = room.space};
}

Task<Result<Standing>> ask(Files& files, const Viewer& viewer, const Part& part, std::optional<std::uint64_t> stated) {
    co_return co_await files.db.read(
        [&files, viewer, part, stated](db::Tx& tx) { return standing_of(tx, files, viewer, part, stated); });
}

// One request at work on an upload.
class Receiving {
public:
    Receiving(Files& files, Resumable row, std::unique_ptr<blob::Partial> partial)
        : files_{files}, row_{std::move(row)}, partial_{std::move(partial)}, acknowledged_at_{files.world.clock.now()} {
    }

    // Reads the body to its end, or to where it breaks off.
    Task<Result<void>> read(http::BodyReader* body, std::string_view sha256);
    Task<Result<Resumable>> finish(Viewer viewer, Part part, ItemId space);
    bool whole() const { return partial_->written() == row_.length; }
    const Resumable& row() const { return row_; }

private:
    Task<Result<void>> take(std::span<const std::byte> bytes);
    Task<Result<void>> acknowledge();

    Files& files_;
    Resumable row_;
    std::unique_ptr<blob::Partial> partial_;
    Millis acknowledged_at_;
};

Task<Result<void>> Receiving::take(std::span<const std::byte> bytes) {
    if (static_cast<std::int64_t>(bytes.size()) > row_.length - partial_->written())
        co_return fail(Error::Kind::TooLarge, "files.upload_too_long");
    co_return co_await partial_->write(bytes);
}

// Durable first, then said. The last byte is said together with the file alone (resume.hpp).
Task<Result<void>> Receiving::acknowledge() {
    auto synced = co_await partial_->sync();
    if (!synced) co_return synced;
    auto received = std::min(partial_->written(), std::max<std::int64_t>(0, row_.length - 1));
    auto expires_at = files_.world.clock.now() + upload_rests;
    co_await files_.db.write(db::lane_of(row_.id), [id = row_.id, received, expires_at](db::Tx& tx) {
        store::set_received(tx, id, received, expires_at);
    });
    row_.received = received;
    row_.expires_at = expires_at;
    acknowledged_at_ = files_.world.clock.now();
    co_return Result<void>{};
}

Task<Result<void>> Receiving::read(http::BodyReader* body, std::string_view sha256) {
    auto buffer = std::make_unique<std::byte[]>(buffer_bytes);
    Sha256 digest;
    Result<void> outcome{};
    while (body) {
        auto got = co_await body->read({buffer.get(), buffer_bytes});
        if (!got) outcome = std::unexpected(got.error());
        if (!got || *got == 0) break;
        std::span<const std::byte> bytes{buffer.get(), *got};
        if (!sha256.empty()) digest.update(bytes);
        outcome = co_await take(bytes);
        if (!outcome) break;
        // Under a checksum nothing is believed before its end.
        const bool due = partial_->written() - row_.received >= acknowledge_every ||
                         files_.world.clock.now() - acknowledged_at_ >= acknowledge_within;
        if (!sha256.empty() || !due) continue;
        outcome = co_await acknowledge();
        if (!outcome) break;
    }
    if (!sha256.empty()) {
        if (!outcome) co_return outcome;
        if (digest.finish() != sha256)
            co_return with_status(Error{.kind = Error::Kind::Invalid, .key = "files.tus_mismatch"}, 460);
    }
    // What arrived on a line that broke is kept; a body longer than it may be is not to be trusted at all.
    const bool full = !outcome && outcome.error().kind == Error::Kind::StorageFull;
    const bool long_body = !outcome && outcome.error().kind == Error::Kind::TooLarge;
    if (full || long_body || partial_->written() == row_.received) co_return outcome;
    // The file that follows says it all; only the rest of something large is worth a row of its own before.
    if (outcome && whole() && row_.length - row_.received <= small_rest) co_return outcome;
    auto kept = co_await acknowledge();
    if (!kept) co_return kept;
    co_return outcome;
}

Task<Result<Resumable>> Receiving::finish(Viewer viewer, Part part, ItemId space) {
    auto stored = co_await partial_->finish();
    if (!stored) co_return std::unexpected(stored.error());
    auto& files = files_;
    auto done =
        co_await files.db.write(db::lane_of(space), [&files, viewer, id = row_.id, stored = *stored, part](db::Tx& tx) {
            return finish_upload(tx, files, viewer, id, stored, receipt_token_of(part.token), part.handins);
        });
    // Refused: the partial keeps the bytes under its own name. On an exception nobody knows, and the sweep decides.
    if (!done) files.blobs.discard(stored->locator);
    co_return done;
}

} // namespace

Task<Result<Resumable>> receive_part(Files& files, Viewer viewer, Part part, http::BodyReader* body) {
    auto stated = body ? body->length() : std::nullopt;
    auto first = co_await ask(files, viewer, part, stated); // before anything is opened or read
    if (!first) co_return std::unexpected(first.error());
    if (first->row.finished()) co_return std::move(first->row); // the last answer was lost
    auto partial = co_await files.blobs.open_partial(to_text(first->row.id));
    if (!partial) co_return with_status(partial.error(), 423);
    // Again, now that nobody else writes: a request that ended meanwhile may have moved the offset.
    auto held = co_await ask(files, viewer, part, stated);
    if (!held) co_return std::unexpected(held.error());
    if (held->row.finished()) co_return std::move(held->row);
    auto started = co_await (*partial)->start_at(held->row.received);
    if (!started) {
        log::error("upload {}: its acknowledged bytes are not there", to_text(held->row.id));
        co_return fail(Error::Kind::Gone, "files.upload_expired");
    }
    Receiving receiving{files, std::move(held->row), *std::move(partial)};
    auto read = co_await receiving.read(body, part.sha256);
    if (!read) co_return std::unexpected(read.error());
    if (!receiving.whole()) co_return receiving.row();
    co_return co_await receiving.finish(std::move(viewer), std::move(part), held->space);
}

} // namespace preau::files
