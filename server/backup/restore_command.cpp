// `preau restore`: a backup back into an empty directory, or (without --data) the question whether that would work.
#include "backup/backup_directory.hpp"
#include "backup/parallel_bytes.hpp"
#include "commands.hpp"
#include "installation.hpp"

#include "db/snapshot.hpp"

#include <fmt/format.h>

namespace preau::server {
namespace {

namespace fs = std::filesystem;

std::expected<Snapshot, std::string> chosen(const CommandLine& line, const BackupDirectory& backup) {
    auto list = backup.snapshots();
    if (list.empty()) return std::unexpected(fmt::format("there is no whole snapshot in {}", line.backup.string()));
    if (line.snapshot.empty()) return list.back();
    for (auto& snapshot : list)
        if (snapshot.name() == line.snapshot) return snapshot;
    std::string names;
    for (const auto& snapshot : list) names += "\n  " + snapshot.name();
    return std::unexpected(fmt::format("there is no snapshot {}. There are:{}", line.snapshot, names));
}

// Answers what is wrong with it, or nothing.
std::optional<std::string> problem_of(const Snapshot& snapshot, blob::BlobStore& bytes, Depth depth) {
    if (snapshot.manifest.format != 1) return "it was made by a later version of preau: restore it with that one";
    if (!fs::exists(snapshot.records()) || sha256_of_file(snapshot.records()) != snapshot.manifest.records_sha256)
        return fmt::format("{} is damaged", snapshot.records().string());
    if (!fs::exists(snapshot.list()) || sha256_of_file(snapshot.list()) != snapshot.manifest.list_sha256)
        return fmt::format("{} is damaged", snapshot.list().string());
    if (snapshot.manifest.engine == "sqlite") db::check_sqlite(snapshot.records());
    const auto found = check_all(bytes, snapshot.list(), depth);
    for (const auto& locator : found.damaged) fmt::print(stderr, "damaged: {}\n", locator);
    const auto good = found.files + snapshot.manifest.damaged;
    if (!found.damaged.empty() || good < snapshot.manifest.files)
        return fmt::format("{} of {} files are missing or damaged", snapshot.manifest.files - found.files,
                           snapshot.manifest.files);
    return std::nullopt;
}

std::expected<DataDirectory, std::string> empty_directory(const fs::path& path) {
    if (fs::exists(path) && !fs::is_empty(path))
        return std::unexpected(fmt::format("{} is not empty: restore into a new directory", path.string()));
    return DataDirectory::open(path);
}

void copy_durably(const fs::path& from, const fs::path& to) {
    fs::copy_file(from, to);
    sync_path(to);
    sync_path(to.parent_path());
}

// The records last: a directory without them is no installation, so that nobody serves half of one.
void put_back(const Snapshot& snapshot, blob::BlobStore& bytes, const DataDirectory& directory,
              const Configuration& configuration) {
    auto target = blob::open_local({.directory = directory.blobs()});
    const auto copied = copy_all(bytes, *target, snapshot.list());
    if (!copied.damaged.empty() || copied.missing > snapshot.manifest.damaged)
        throw db::Failure{"files of the backup were lost while it was restored: delete the directory and try again"};
    if (configuration.on_sqlite())
        copy_durably(snapshot.records(), directory.database());
    else
        db::restore_postgres(configuration.database, snapshot.records());
}

// Opens what was restored as the server would, and looks for the bytes of every row once more.
int rehearse(const DataDirectory& directory, const Configuration& configuration, const Snapshot& snapshot) {
    Site site{directory, configuration, configuration.listen.port};
    auto outcome = examine(site);
    if (!outcome.done) return complain(outcome.text);
    fmt::print("restored {} into {}: {} files. Serve it with preau serve --data {}\n", snapshot.name(),
               directory.path().string(), snapshot.manifest.files, directory.path().string());
    if (snapshot.manifest.damaged > 0)
        return complain(
            fmt::format("{} files were damaged already when the backup was made", snapshot.manifest.damaged));
    return 0;
}

int restore_into(const CommandLine& line, const Snapshot& snapshot, blob::BlobStore& bytes) {
    auto directory = empty_directory(line.data);
    if (!directory) return complain(directory.error());
    auto lock = directory->try_lock();
    if (!lock) return complain(fmt::format("{} is in use", directory->path().string()));
    if (line.config.empty() && fs::exists(snapshot.configuration()))
        copy_durably(snapshot.configuration(), directory->configuration());
    auto configuration = configuration_for(line, *directory);
    if (!configuration) return complain(configuration.error());
    if (configuration->on_sqlite() != (snapshot.manifest.engine == "sqlite"))
        return complain(fmt::format("the backup holds records of {}, the configuration names another database: give "
                                    "--config a file that fits",
                                    snapshot.manifest.engine));
    put_back(snapshot, bytes, *directory, *configuration);
    return rehearse(*directory, *configuration, snapshot);
}

} // namespace

int restore(const CommandLine& line) {
    if (!fs::exists(line.backup / "snapshots"))
        return complain(fmt::format("{} is no backup: preau backup makes one", line.backup.string()));
    if (line.data.empty() && !line.verify)
        return complain("say where to with --data DIR, or check the backup with --verify");
    auto backup = BackupDirectory::open(line.backup);
    if (!backup) return complain(backup.error());
    log::set_level(log::Level::Warn);
    auto snapshot = chosen(line, *backup);
    if (!snapshot) return complain(snapshot.error());
    auto bytes = blob::open_local({.directory = backup->blobs()});
    if (auto problem = problem_of(*snapshot, *bytes, line.verify ? Depth::Bytes : Depth::Lengths))
        return complain(
            fmt::format("{}: {}. An earlier snapshot may be whole: --snapshot NAME", snapshot->name(), *problem));
    if (line.verify) fmt::print("{}: {} files and all records are whole\n", snapshot->name(), snapshot->manifest.files);
    return line.data.empty() ? 0 : restore_into(line, *snapshot, *bytes);
}

} // namespace preau::server
