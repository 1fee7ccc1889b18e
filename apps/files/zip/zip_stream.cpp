#include "files/zip/zip_stream.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace preau::files::zip {
namespace {

constexpr std::uint32_t entries_ahead = 256;
constexpr Millis ask_every = 5'000;
constexpr std::size_t piece = 64 * 1024;

struct Ahead {
    Result<void> allowed;
    std::vector<blob::Found> found;
};

} // namespace

Stream::Stream(Files& files, std::shared_ptr<const Plan> plan, StillAllowed still_allowed)
    : files_{files}, plan_{std::move(plan)}, still_allowed_{std::move(still_allowed)},
      asked_at_{files.world.clock.now()}, next_central_offset_{plan_->central_offset()} {}

Task<http::Segment> Stream::from(std::uint64_t offset) {
    if (offset >= plan_->central_offset()) co_return directory_from(offset);
    auto entry = plan_->entry_at(offset);
    auto header = plan_->local_header(entry);
    auto inside = offset - plan_->offset_of(entry);
    if (inside < header.size()) co_return http::Segment{.bytes = header.substr(inside)};
    co_return co_await bytes_from(entry, inside - header.size());
}

Task<http::Segment> Stream::bytes_from(std::uint32_t entry, std::uint64_t offset) {
    co_await look_ahead(entry);
    auto locator = locators_.find(plan_->blob_of(entry));
    if (locator == locators_.end()) throw std::runtime_error("bytes of an archive are gone");
    auto source = co_await files_.blobs.open(locator->second);
    if (!source || source->length != plan_->size_of(entry)) throw std::runtime_error("bytes of an archive are gone");
    co_return http::Segment{.file = {source->descriptor, source->offset + offset, source->length - offset}};
}

Task<void> Stream::look_ahead(std::uint32_t entry) {
    const auto now = files_.world.clock.now();
    const bool known = entry >= known_from_ && entry < known_until_;
    if (known && now - asked_at_ < ask_every) co_return;
    std::vector<std::int64_t> blobs;
    const auto until = std::min(entry + entries_ahead, static_cast<std::uint32_t>(plan_->size()));
    for (auto each = entry; each < until; ++each)
        if (plan_->blob_of(each)) blobs.push_back(plan_->blob_of(each).value);
    auto ahead = co_await files_.db.read([still_allowed = still_allowed_, blobs](db::Tx& tx) {
        return Ahead{.allowed = still_allowed(tx), .found = blob::find_all(tx, blobs)};
    });
    if (!ahead.allowed) throw std::runtime_error("the right to an archive was withdrawn: " + ahead.allowed.error().key);
    locators_.clear();
    for (auto& each : ahead.found) locators_.emplace(each.id, std::move(each.locator));
    known_from_ = entry;
    known_until_ = until;
    asked_at_ = now;
}

// Pieces are asked for one after the other; only the first one, of a range, may stand anywhere.
http::Segment Stream::directory_from(std::uint64_t offset) {
    if (offset < next_central_offset_) {
        next_central_ = 0;
        next_central_offset_ = plan_->central_offset();
    }
    const auto count = static_cast<std::uint32_t>(plan_->size());
    while (next_central_ < count) {
        auto size = plan_->central_size_of(next_central_);
        if (next_central_offset_ + size > offset) break;
        next_central_offset_ += size;
        ++next_central_;
    }
    std::string bytes;
    auto begin = next_central_offset_;
    for (; next_central_ < count && bytes.size() < piece; ++next_central_) plan_->write_central(bytes, next_central_);
    next_central_offset_ = begin + bytes.size();
    if (next_central_ == count) {
        plan_->write_end(bytes);
        next_central_ = 0; // whoever asks again begins anew
        next_central_offset_ = plan_->length();
    }
    return {.bytes = bytes.substr(offset - begin)};
}

} // namespace preau::files::zip
