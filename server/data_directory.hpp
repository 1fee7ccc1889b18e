// DIR of `--data DIR`: main.db, blobs/, lock, control.sock, public_url. Two processes that both believe to own it would
// collect each other's blobs, so whoever opens the database holds the lock.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace preau::server {

class DataLock { // held until destroyed; the kernel releases it when the process dies, however it dies
public:
    explicit DataLock(int descriptor) : descriptor_{descriptor} {}
    DataLock(DataLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    DataLock& operator=(DataLock&&) = delete;
    ~DataLock();

private:
    int descriptor_;
};

class DataDirectory {
public:
    // Makes it if needed (mode 0700). The error is a sentence for the administrator.
    static std::expected<DataDirectory, std::string> open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path database() const { return path_ / "main.db"; }
    std::filesystem::path blobs() const { return path_ / "blobs"; }
    std::filesystem::path control_socket() const { return path_ / "control.sock"; }
    std::filesystem::path configuration() const { return path_ / "preau.toml"; }

    std::optional<DataLock> try_lock() const; // nothing: somebody else holds it
    std::string holder() const; // process number of who holds the lock, "" when unknown

    // Where people reach this server, so that links printed while it does not run lead there.
    void remember_public_url(const std::string& url) const;
    std::string remembered_public_url() const; // "" before the first start

private:
    explicit DataDirectory(std::filesystem::path path) : path_{std::move(path)} {}
    std::filesystem::path path_;
};

} // namespace preau::server
