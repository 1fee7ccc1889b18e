#include "backup/backup_directory.hpp"

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace preau::server {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const char* what, const fs::path& path) {
    throw std::system_error{errno, std::generic_category(), fmt::format("{} {}", what, path.string())};
}

std::optional<Manifest> read_manifest(const fs::path& file) {
    std::ifstream stream{file};
    std::stringstream text;
    text << stream.rdbuf();
    auto value = json::parse(text.str());
    if (!stream || !value) return std::nullopt;
    auto word = [&](std::string_view name) { return (*value)[name].text().value_or(""); };
    auto number = [&](std::string_view name) { return (*value)[name].integer().value_or(0); };
    return Manifest{.format = number("format"),
                    .version = word("version"),
                    .engine = word("engine"),
                    .records = word("records"),
                    .records_sha256 = word("records_sha256"),
                    .list_sha256 = word("list_sha256"),
                    .files = number("files"),
                    .bytes = number("bytes"),
                    .damaged = number("damaged")};
}

// Walks the lists of the snapshots that stay and answers, for locators asked in ascending order, whether one names it.
class NamedBytes {
public:
    explicit NamedBytes(const std::vector<Snapshot>& snapshots) {
        for (const auto& snapshot : snapshots) {
            lists_.push_back({BlobList{snapshot.list()}, {}});
            lists_.back().current = lists_.back().list.next();
        }
    }
    bool has(const std::string& locator) {
        bool found = false;
        for (auto& [list, current] : lists_) {
            while (current && current->locator < locator) current = list.next();
            found = found || (current && current->locator == locator);
        }
        return found;
    }

private:
    struct Walk {
        BlobList list;
        std::optional<ListedBytes> current;
    };
    std::vector<Walk> lists_;
};

std::vector<fs::path> sorted_entries(const fs::path& directory) {
    std::vector<fs::path> entries;
    if (fs::is_directory(directory))
        for (const auto& entry : fs::directory_iterator{directory}) entries.push_back(entry.path());
    std::ranges::sort(entries);
    return entries;
}

} // namespace

std::optional<ListedBytes> BlobList::next() {
    ListedBytes line;
    if (!(stream_ >> line.size >> line.locator)) return std::nullopt;
    return line;
}

std::string sha256_of_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw_errno("open", file);
    Sha256 digest;
    std::array<std::byte, 64 * 1024> buffer{};
    ssize_t got = 0;
    while ((got = ::read(descriptor, buffer.data(), buffer.size())) > 0)
        digest.update(std::span{buffer}.first(static_cast<std::size_t>(got)));
    ::close(descriptor);
    if (got < 0) throw_errno("read", file);
    return hex(digest.finish());
}

void sync_path(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || ::fsync(descriptor) != 0) throw_errno("fsync", path);
    ::close(descriptor);
}

std::expected<BackupDirectory, std::string> BackupDirectory::open(const fs::path& path) {
    std::error_code problem;
    const bool made = fs::create_directories(path, problem);
    if (made) ::chmod(path.c_str(), S_IRWXU); // it holds all that the installation holds
    if (!problem) fs::create_directories(path / "snapshots", problem);
    const auto file = path / "lock";
    const int lock = problem ? -1 : ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (lock < 0)
        return std::unexpected(fmt::format("the backup directory {} cannot be used ({}): choose another one",
                                           path.string(), problem ? problem.message() : std::strerror(errno)));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return std::unexpected(
            fmt::format("another backup or restore works on {}: wait until it is done", path.string()));
    }
    return BackupDirectory{fs::absolute(path).lexically_normal(), lock};
}

BackupDirectory::BackupDirectory(BackupDirectory&& other) noexcept
    : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}

BackupDirectory::~BackupDirectory() {
    if (lock_ >= 0) ::close(lock_);
}

std::vector<Snapshot> BackupDirectory::snapshots() const {
    std::vector<Snapshot> list;
    for (const auto& path : sorted_entries(path_ / "snapshots"))
        if (auto manifest = read_manifest(path / "manifest.json"))
            list.push_back({.path = path, .manifest = std::move(*manifest)});
    return list;
}

void BackupDirectory::remove_unfinished() const {
    for (const auto& path : sorted_entries(path_ / "snapshots"))
        if (!read_manifest(path / "manifest.json")) fs::remove_all(path);
}

fs::path BackupDirectory::begin(Millis now) const {
    const std::chrono::sys_seconds moment{std::chrono::seconds{now / 1000}};
    auto path = path_ / "snapshots" / fmt::format("{:%Y-%m-%dT%H-%M-%SZ}", moment);
    // Two within a second: the later one is named by the next second, so that names stay in the order of time.
    for (Millis later = 1; fs::exists(path); ++later)
        path = path_ / "snapshots" / fmt::format("{:%Y-%m-%dT%H-%M-%SZ}", moment + std::chrono::seconds{later});
    fs::create_directory(path);
    return path;
}

void BackupDirectory::finish(const fs::path& snapshot, const Manifest& manifest) const {
    for (const auto& file : sorted_entries(snapshot)) sync_path(file);
    sync_path(snapshot);
    sync_path(snapshot.parent_path());
    const auto unfinished = snapshot / "manifest.json.new";
    std::ofstream{unfinished} << json::text_of(manifest) << '\n';
    sync_path(unfinished);
    fs::rename(unfinished, snapshot / "manifest.json");
    sync_path(snapshot);
}

std::int64_t BackupDirectory::prune(std::size_t keep) const {
    auto list = snapshots();
    if (list.size() <= keep) return 0;
    const auto old = static_cast<std::ptrdiff_t>(list.size() - keep);
    for (auto snapshot = list.begin(); snapshot != list.begin() + old; ++snapshot) {
        fs::remove(snapshot->path / "manifest.json"); // from now on it counts for nothing, whatever happens
        fs::remove_all(snapshot->path);
    }
    list.erase(list.begin(), list.begin() + old);
    NamedBytes named{list};
    std::int64_t removed = 0;
    for (const auto& first : sorted_entries(blobs())) {
        if (first.filename().string().size() != 2) continue; // "incoming"
        for (const auto& second : sorted_entries(first))
            for (const auto& file : sorted_entries(second)) {
                if (named.has(file.lexically_relative(blobs()).string())) continue;
                fs::remove(file);
                ++removed;
            }
    }
    return removed;
}

} // namespace preau::server
