#include "durable_file.hpp"

#include "base/fault.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace preau::blob {
namespace {

bool has_no_name(const File& file, const std::filesystem::path& path) {
    struct stat status{};
    if (::fstat(file.descriptor(), &status) != 0) throw_system_error("fstat", path);
    return status.st_nlink == 0;
}

} // namespace

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void throw_system_error(const char* what, const std::filesystem::path& path) {
    auto error = errno;
    throw std::system_error{error, std::generic_category(), std::string{what} + " " + path.string()};
}

bool says_storage_is_full(const std::error_code& error) {
    return error == std::errc::no_space_on_device || error == std::errc::file_too_large ||
           error == std::error_code{EDQUOT, std::generic_category()};
}

File create_locked(const std::filesystem::path& path) {
    // A sweep that comes between the creation and the lock takes the file for a leftover and removes it: then once
    // more.
    while (true) {
        File file{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        if (!file) throw_system_error("create", path);
        if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) == 0 && !has_no_name(file, path)) return file;
        remove_file(path);
    }
}

File open_locked(const std::filesystem::path& path) {
    while (true) {
        File file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
        if (!file) throw_system_error("open", path);
        if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) throw_system_error("flock", path);
            return {};
        }
        if (!has_no_name(file, path)) return file; // else it was dropped in between
    }
}

void write_all(const File& file, std::span<const std::byte> bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        auto written = ::write(file.descriptor(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw_system_error("write", path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void start_writeback(const File& file, std::int64_t from, std::int64_t length) {
    // Only a hint: what it cannot do, the sync at the end does and reports.
    (void)::sync_file_range(file.descriptor(), from, length, SYNC_FILE_RANGE_WRITE);
}

void sync_bytes(const File& file, const std::filesystem::path& path) {
    if (fault("skip_fsync")) return;
    if (::fdatasync(file.descriptor()) != 0) throw_system_error("fdatasync", path);
}

void sync_directory(const std::filesystem::path& path) {
    if (fault("skip_fsync")) return;
    File directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory) throw_system_error("open", path);
    if (::fsync(directory.descriptor()) != 0) throw_system_error("fsync", path);
}

void make_directory_durably(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw_system_error("mkdir", path);
    // Also when it was there: who made it may have died before this.
    sync_directory(path.parent_path());
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_system_error("rename", from);
    sync_directory(to.parent_path());
}

void link_durably(const File& file, const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::futimens(file.descriptor(), nullptr) != 0) throw_system_error("futimens", from);
    if (::link(from.c_str(), to.c_str()) != 0) throw_system_error("link", from);
    sync_directory(to.parent_path());
}

FileState state_of(const File& file, const std::filesystem::path& path) {
    struct stat status{};
    if (::fstat(file.descriptor(), &status) != 0) throw_system_error("fstat", path);
    return {.inode = status.st_ino,
            .size = status.st_size,
            .modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

void cut_off(const File& file, std::int64_t length, const std::filesystem::path& path) {
    if (::ftruncate(file.descriptor(), length) != 0) throw_system_error("ftruncate", path);
    if (::lseek(file.descriptor(), length, SEEK_SET) < 0) throw_system_error("lseek", path);
}

bool read_through(const File& file, std::int64_t length, const std::filesystem::path& path,
                  const std::function<void(std::span<const std::byte>)>& visit) {
    constexpr std::int64_t piece = 1 << 20;
    auto buffer = std::make_unique<std::byte[]>(piece);
    (void)::posix_fadvise(file.descriptor(), 0, length, POSIX_FADV_SEQUENTIAL);
    for (std::int64_t at = 0; at < length;) {
        auto got = ::pread(file.descriptor(), buffer.get(), static_cast<std::size_t>(std::min(piece, length - at)), at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_system_error("read", path);
        if (got == 0) return false;
        visit({buffer.get(), static_cast<std::size_t>(got)});
        at += got;
    }
    return true;
}

void remove_file(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_system_error("unlink", path);
}

} // namespace preau::blob
