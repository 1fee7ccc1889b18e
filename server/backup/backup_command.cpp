// `preau backup`: the records of one moment and the bytes that they name, while the server goes on.
#include "backup/backup_directory.hpp"
#include "backup/parallel_bytes.hpp"
#include "commands.hpp"
#include "installation.hpp"
#include "version.hpp"

#include "db/snapshot.hpp"

#include <fmt/format.h>

namespace preau::server {
namespace {

struct Source {
    const DataDirectory& directory;
    const Configuration& configuration;
    std::unique_ptr<blob::BlobStore> bytes;
};

// The records, and the list of the bytes that they name, read from the same state.
Manifest copy_records(const Source& source, const std::filesystem::path& snapshot) {
    Manifest manifest{.version = std::string{version},
                      .engine = source.configuration.on_sqlite() ? "sqlite" : "postgres",
                      .records = source.configuration.on_sqlite() ? "main.db" : "records.pgdump"};
    const auto records = snapshot / manifest.records;
    const auto list = snapshot / "blobs.txt";
    std::filesystem::remove(records);
    auto write_list = [&](db::Tx& tx) {
        std::ofstream stream{list};
        manifest.files = manifest.bytes = 0;
        blob::each_stored(tx, [&](const blob::Stored& one) {
            stream << one.size << ' ' << one.locator << '\n';
            ++manifest.files;
            manifest.bytes += one.size;
        });
        if (!stream.flush())
            throw db::StorageFull{fmt::format("{} cannot be written: is the disk full?", list.string())};
    };
    if (source.configuration.on_sqlite())
        db::snapshot_sqlite(source.directory.database(), records, write_list);
    else
        db::snapshot_postgres(source.configuration.database, records, write_list);
    manifest.records_sha256 = sha256_of_file(records);
    manifest.list_sha256 = sha256_of_file(list);
    return manifest;
}

void copy_configuration(const CommandLine& line, const DataDirectory& directory,
                        const std::filesystem::path& snapshot) {
    const auto file = line.config.empty() ? directory.configuration() : line.config;
    if (std::filesystem::exists(file)) std::filesystem::copy_file(file, snapshot / "preau.toml");
}

std::string megabytes(std::int64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

int make(const CommandLine& line, const Source& source, const BackupDirectory& backup) {
    backup.remove_unfinished();
    const auto snapshot = backup.begin(SystemClock{}.now());
    auto target = blob::open_local({.directory = backup.blobs()});
    Manifest manifest;
    CopiedBytes copied;
    // Bytes that were given up after the records were copied may be collected before they are: then the records are
    // copied once more, and do not name them any longer.
    constexpr int tries = 5;
    for (int left = tries;; --left) {
        manifest = copy_records(source, snapshot);
        const auto before = copied;
        copied = copy_all(*source.bytes, *target, snapshot / "blobs.txt");
        copied.files += before.files;
        copied.bytes += before.bytes;
        if (copied.missing == 0 || left == 1) break;
    }
    manifest.damaged = static_cast<std::int64_t>(copied.damaged.size()) + copied.missing;
    copy_configuration(line, source.directory, snapshot);
    backup.finish(snapshot, manifest);
    const auto pruned = line.keep > 0 ? backup.prune(static_cast<std::size_t>(line.keep)) : 0;
    fmt::print("{}: {} files, {} ({} of them new, {})\n", snapshot.filename().string(), manifest.files,
               megabytes(manifest.bytes), copied.files, megabytes(copied.bytes));
    if (pruned > 0) fmt::print("removed with older snapshots: {} files\n", pruned);
    for (const auto& locator : copied.damaged) fmt::print(stderr, "damaged on the server's disk: {}\n", locator);
    if (manifest.damaged > 0)
        return complain(fmt::format("{} files are damaged or missing on the server's disk and are not in this backup: "
                                    "an earlier one may have them",
                                    manifest.damaged));
    return 0;
}

} // namespace

int backup(const CommandLine& line) {
    if (!std::filesystem::exists(line.data))
        return complain(fmt::format("there is no directory {}", line.data.string()));
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    auto configuration = configuration_for(line, *directory);
    if (!configuration) return complain(configuration.error());
    if (configuration->on_sqlite() && !std::filesystem::exists(directory->database()))
        return complain(fmt::format("there are no records in {} yet", directory->path().string()));
    auto target = BackupDirectory::open(line.backup);
    if (!target) return complain(target.error());
    log::set_level(log::Level::Warn);
    const Source source{.directory = *directory,
                        .configuration = *configuration,
                        .bytes = blob::open_local({.directory = directory->blobs()})};
    return make(line, source, *target);
}

} // namespace preau::server
