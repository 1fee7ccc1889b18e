// Where backups lie. Bytes never change once they are stored, so all snapshots of an installation share them:
//   BACKUP/blobs/ab/cd/HASH.NONCE     the bytes of every snapshot, as in the installation
//   BACKUP/snapshots/NAME/            one moment; NAME is its time in UTC, "2026-11-25T02-45-10Z"
//       manifest.json                 written last: a snapshot without it was cut off and counts for nothing
//       main.db or records.pgdump     all records
//       blobs.txt                     "SIZE LOCATOR" a line, in the order of the locators
//       preau.toml                    the configuration, if there was a file
#pragma once

#include "base/clock.hpp"
#include "base/describe.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace preau::server {

struct Manifest {
    std::int64_t format = 1;
    std::string version; // of preau
    std::string engine;  // "sqlite" or "postgres"
    std::string records; // file name
    std::string records_sha256, list_sha256;
    std::int64_t files = 0; // lines of blobs.txt
    std::int64_t bytes = 0; // of all of them together
    std::int64_t damaged = 0; // files whose bytes were not those of their hash any more: not in this backup
};
PREAU_DESCRIBE(Manifest, format, version, engine, records, records_sha256, list_sha256, files, bytes, damaged)

struct Snapshot {
    std::filesystem::path path;
    Manifest manifest;
    std::string name() const { return path.filename().string(); }
    std::filesystem::path records() const { return path / manifest.records; }
    std::filesystem::path list() const { return path / "blobs.txt"; }
    std::filesystem::path configuration() const { return path / "preau.toml"; }
};

struct ListedBytes {
    std::int64_t size = 0;
    std::string locator;
};
// One line after the other: a list of a hundred million files is never held in memory.
class BlobList {
public:
    explicit BlobList(const std::filesystem::path& file) : stream_{file} {}
    std::optional<ListedBytes> next();

private:
    std::ifstream stream_;
};

class BackupDirectory {
public:
    // Makes it if needed (mode 0700) and holds its lock. The error is a sentence for the administrator.
    static std::expected<BackupDirectory, std::string> open(const std::filesystem::path& path);
    BackupDirectory(BackupDirectory&& other) noexcept;
    BackupDirectory& operator=(BackupDirectory&&) = delete;
    ~BackupDirectory();

    std::filesystem::path blobs() const { return path_ / "blobs"; }
    std::vector<Snapshot> snapshots() const; // whole ones, oldest first
    void remove_unfinished() const;          // what a backup that was cut off left behind
    std::filesystem::path begin(Millis now) const;
    void finish(const std::filesystem::path& snapshot, const Manifest& manifest) const; // durable when it returns
    // Removes all but the latest `keep` snapshots, then the bytes that none of the others lists. Answers how many files
    // went.
    std::int64_t prune(std::size_t keep) const;

private:
    BackupDirectory(std::filesystem::path path, int lock) : path_{std::move(path)}, lock_{lock} {}
    std::filesystem::path path_;
    int lock_;
};

std::string sha256_of_file(const std::filesystem::path& file); // hex; throws std::system_error
void sync_path(const std::filesystem::path& path); // a file or a directory

} // namespace preau::server
