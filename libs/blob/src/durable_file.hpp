// System calls with their errors, and what makes a file survive a power cut: its bytes, its name and the name of each
// directory above it are three things that are synced apart (fsync(2), "does not necessarily ensure that the entry in
// the directory containing the file has also reached disk").
//
// All throw std::system_error, which says what was done to which path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace preau::blob {

class File {
public:
    File() = default;
    explicit File(int descriptor) : descriptor_{descriptor} {}
    File(File&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~File();
    explicit operator bool() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

private:
    int descriptor_ = -1;
};

[[noreturn]] void throw_system_error(const char* what, const std::filesystem::path& path);
bool says_storage_is_full(const std::error_code& error);

// A new file that this process alone works on: locked (flock) as long as it is open, so that a sweep, in this process
// or another, tells an upload that is going on from one whose process died.
File create_locked(const std::filesystem::path& path);
// The file of that name, made when there is none, locked like a new one; nothing while somebody else holds it.
File open_locked(const std::filesystem::path& path);
void write_all(const File& file, std::span<const std::byte> bytes, const std::filesystem::path& path);
// Starts to write back what is in memory, so that the sync at the end of a large upload has little left to do.
void start_writeback(const File& file, std::int64_t from, std::int64_t length);
void sync_bytes(const File& file, const std::filesystem::path& path);
void sync_directory(const std::filesystem::path& path);
void make_directory_durably(const std::filesystem::path& path); // with its name in its parent; no error if there
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// A second name of the same file. Its time is now's: a sweep counts from when it was finished.
void link_durably(const File& file, const std::filesystem::path& from, const std::filesystem::path& to);
struct FileState { // tells whether somebody else has written meanwhile
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0; // nanoseconds
    friend bool operator==(const FileState&, const FileState&) = default;
};
FileState state_of(const File& file, const std::filesystem::path& path);
void cut_off(const File& file, std::int64_t length, const std::filesystem::path& path); // and writes go on there
// Calls `visit` with the bytes from the start, `length` of them; false if the file is shorter.
bool read_through(const File& file, std::int64_t length, const std::filesystem::path& path,
                  const std::function<void(std::span<const std::byte>)>& visit);
void remove_file(const std::filesystem::path& path); // no error if gone

} // namespace preau::blob
