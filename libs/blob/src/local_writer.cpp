#include "local_writer.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"

namespace preau::blob {
namespace {
constexpr std::int64_t writeback_step = 8 << 20;
}

LocalWriter::LocalWriter(LocalLayout& layout, BlobWorkers& workers) : layout_{layout}, workers_{workers} {}

LocalWriter::~LocalWriter() {
    if (kept_ || path_.empty()) return;
    // On a worker: removing gigabytes takes a while. First the name, then the lock that goes with the descriptor.
    workers_.push([path = path_, file = std::move(file_)] {
        try {
            remove_file(path);
        } catch (const std::system_error& error) {
            log::warn("an unfinished upload stays until the next sweep: {}", error.what());
        }
    });
}

Task<Result<void>> LocalWriter::write(std::span<const std::byte> bytes) {
    return off_thread<Result<void>>([this, bytes](auto done) {
        push_answer(workers_, std::move(done),
                    [this, bytes] { return attempt<void>([this, bytes] { append(bytes); }); });
    });
}

Task<Result<Stored>> LocalWriter::finish() {
    return off_thread<Result<Stored>>([this](auto done) {
        push_answer(workers_, std::move(done), [this] { return attempt<Stored>([this] { return put_into_place(); }); });
    });
}

template <class T, class Step> Result<T> LocalWriter::attempt(Step step) {
    PREAU_ASSERT(!kept_);
    if (!full_) {
        try {
            if constexpr (std::is_void_v<T>) {
                step();
                return {};
            } else {
                return step();
            }
        } catch (const std::system_error& error) {
            if (!says_storage_is_full(error.code())) throw;
            log::warn("storage is full: {}", error.what());
        }
    }
    full_ = true; // part of a write may be missing: the bytes can no longer become the file they were meant to be
    return fail(Error::Kind::StorageFull, "blob.storage_full");
}

void LocalWriter::open_when_new() {
    if (file_) return;
    auto path = layout_.incoming() / nonce_;
    file_ = create_locked(path);
    path_ = std::move(path);
}

void LocalWriter::append(std::span<const std::byte> bytes) {
    open_when_new();
    write_all(file_, bytes, path_);
    digests_.update(bytes);
    if (written() - written_back_ < writeback_step) return;
    start_writeback(file_, written_back_, written() - written_back_);
    written_back_ = written();
}

Stored LocalWriter::put_into_place() {
    open_when_new(); // an empty file is one too
    auto hash = digests_.sha256_hex();
    auto locator = LocalLayout::locator_of(hash, nonce_);
    sync_bytes(file_, path_);
    layout_.ensure_directory_of(locator);
    auto place = layout_.path_of(locator);
    auto before = std::exchange(path_, place); // from here on a failure removes the file at its new place
    try {
        rename_durably(before, place);
    } catch (...) {
        remove_file(before);
        throw;
    }
    kept_ = true;
    file_ = {};
    return {.hash = std::move(hash), .size = written(), .locator = std::move(locator), .crc32 = digests_.crc32()};
}

} // namespace preau::blob
