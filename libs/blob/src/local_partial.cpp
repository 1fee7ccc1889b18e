#include "local_partial.hpp"

#include "base/log.hpp"

namespace preau::blob {
namespace {
constexpr std::int64_t writeback_step = 8 << 20;
}

LocalPartial::LocalPartial(LocalLayout& layout, BlobWorkers& workers, PartialFiles& remembered, std::string name,
                           File file)
    : layout_{layout}, workers_{workers}, remembered_{remembered}, name_{std::move(name)},
      path_{layout.partial() / name_}, file_{std::move(file)} {}

// The state is taken before the lock goes with the descriptor.
LocalPartial::~LocalPartial() {
    try {
        remembered_.remember(name_, state_of(file_, path_), std::move(synced_));
    } catch (const std::system_error& error) {
        log::warn("the digests of a partial upload are forgotten: {}", error.what());
    }
}

// Storage that is full is an answer; all else that a disk says is an exception.
template <class T> Task<Result<T>> LocalPartial::on_worker(std::function<Result<T>()> step) {
    return off_thread<Result<T>>([this, step = std::move(step)](auto done) {
        push_answer(workers_, std::move(done), [this, step]() -> Result<T> {
            try {
                return step();
            } catch (const std::system_error& error) {
                failed_ = true;
                // Dropped while somebody wrote: its name is gone.
                if (error.code() == std::errc::no_such_file_or_directory) return not_found("blob.missing");
                if (!says_storage_is_full(error.code())) throw;
                log::warn("storage is full: {}", error.what());
                return fail(Error::Kind::StorageFull, "blob.storage_full");
            }
        });
    });
}

Task<Result<void>> LocalPartial::start_at(std::int64_t offset) {
    return on_worker<void>([this, offset] { return rewind(offset); });
}
Task<Result<void>> LocalPartial::write(std::span<const std::byte> bytes) {
    return on_worker<void>([this, bytes] { return append(bytes); });
}
Task<Result<void>> LocalPartial::sync() {
    return on_worker<void>([this] { return make_durable(); });
}
Task<Result<Stored>> LocalPartial::finish() {
    return on_worker<Stored>([this] { return put_into_place(); });
}

Result<void> LocalPartial::rewind(std::int64_t offset) {
    auto known = remembered_.take(name_, state_of(file_, path_));
    if (!known && synced_.size() > 0) known = synced_; // started before
    if (known && known->size() == offset) {
        synced_ = *std::move(known);
    } else {
        synced_ = {};
        if (!read_through(file_, offset, path_, [this](auto bytes) { synced_.update(bytes); }))
            return not_found("blob.missing");
    }
    cut_off(file_, offset, path_);
    digests_ = synced_;
    written_back_ = offset;
    failed_ = false;
    return {};
}

Result<void> LocalPartial::append(std::span<const std::byte> bytes) {
    if (failed_) return fail(Error::Kind::StorageFull, "blob.storage_full");
    write_all(file_, bytes, path_);
    digests_.update(bytes);
    if (written() - written_back_ < writeback_step) return {};
    start_writeback(file_, written_back_, written() - written_back_);
    written_back_ = written();
    return {};
}

Result<void> LocalPartial::make_durable() {
    sync_bytes(file_, path_);
    if (!std::exchange(named_, true)) sync_directory(layout_.partial());
    synced_ = digests_;
    return {};
}

Result<Stored> LocalPartial::put_into_place() {
    if (failed_) return fail(Error::Kind::StorageFull, "blob.storage_full");
    if (synced_.size() != digests_.size() || !named_) make_durable();
    auto hash = digests_.sha256_hex();
    auto locator = LocalLayout::locator_of(hash, LocalLayout::nonce());
    layout_.ensure_directory_of(locator);
    link_durably(file_, path_, layout_.path_of(locator));
    return Stored{.hash = std::move(hash), .size = written(), .locator = std::move(locator), .crc32 = digests_.crc32()};
}

} // namespace preau::blob
