// For tests only: a directory with a store in it, and how to use the store in one line.
#pragma once

#include "blob/blob_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace preau::blob {

// All of them, as locators.
inline std::vector<std::string> files_below(const std::filesystem::path& root) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root})
        if (entry.is_regular_file()) found.push_back(entry.path().lexically_relative(root).string());
    std::ranges::sort(found);
    return found;
}

class StoreDirectory {
public:
    StoreDirectory() {
        // In memory where that is to be had: what is tested is which calls are made, and a disk takes 10 ms for each
        // sync.
        auto memory = std::filesystem::path{"/dev/shm"};
        auto parent = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
        auto pattern = (parent / "preau_blob_XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~StoreDirectory() {
        std::error_code ignored; // a directory that stays in /tmp fails no test
        std::filesystem::remove_all(path_, ignored);
    }
    StoreDirectory(const StoreDirectory&) = delete;
    StoreDirectory& operator=(const StoreDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::unique_ptr<BlobStore> open(int threads = 2) const {
        return open_local({.directory = path_, .threads = threads});
    }
    std::vector<std::string> files() const { return files_below(path_); }

private:
    std::filesystem::path path_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

inline Task<Result<Stored>> store_text(BlobStore& store, std::string text) {
    auto writer = store.create();
    if (!writer) co_return std::unexpected(writer.error());
    auto wrote = co_await (*writer)->write(bytes_of(text));
    if (!wrote) co_return std::unexpected(wrote.error());
    co_return co_await (*writer)->finish();
}

inline Stored stored(BlobStore& store, std::string text) {
    return sync_wait(store_text(store, std::move(text))).value();
}

inline Result<std::string> read_text(BlobStore& store, const std::string& locator) {
    auto source = sync_wait(store.open(locator));
    if (!source) return std::unexpected(source.error());
    std::string text(source->length, '\0');
    auto got = ::pread(*source->descriptor, text.data(), text.size(), static_cast<off_t>(source->offset));
    REQUIRE(got == static_cast<ssize_t>(text.size()));
    return text;
}

} // namespace preau::blob
