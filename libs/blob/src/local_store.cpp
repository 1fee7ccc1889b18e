// Bytes in a directory of this machine (DESIGN §9, "Blobs").
#include "blob/blob_store.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "blob_rows_store.hpp"
#include "local_copy.hpp"
#include "local_layout.hpp"
#include "local_partial.hpp"
#include "local_writer.hpp"
#include "open_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace preau::blob {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_open_files = 256;
constexpr Millis partial_grace = 3_days; // longer than any upload may rest before its owner gives it up
constexpr Millis grace = 1_days; // between the end of an upload and the row that names it lies far less

// shared: see Source; the last response that sends from the file closes it.
std::shared_ptr<const int> shared_descriptor(File file) {
    return {new int{file.release()}, [](const int* descriptor) {
                File closing{*descriptor};
                delete descriptor;
            }};
}

Result<Source> open_source(const fs::path& path) {
    File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return not_found("blob.missing");
    if (!file) throw_system_error("open", path);
    struct stat status{};
    if (::fstat(file.descriptor(), &status) != 0) throw_system_error("fstat", path);
    return Source{.descriptor = shared_descriptor(std::move(file)),
                  .offset = 0,
                  .length = static_cast<std::uint64_t>(status.st_size)};
}

// Whoever works on an upload holds its lock; a lock that is free says that its process died.
bool is_abandoned(const fs::path& path) {
    File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    return file && ::flock(file.descriptor(), LOCK_EX | LOCK_NB) == 0;
}

bool older_than(const fs::path& path, Millis moment) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && static_cast<Millis>(status.st_mtim.tv_sec) * 1000 < moment;
}

void remove_or_warn(const fs::path& path) {
    try {
        remove_file(path);
    } catch (const std::system_error& error) {
        log::warn("a file that nothing names stays until the next sweep: {}", error.what());
    }
}

Result<std::uint32_t> crc32_of(const fs::path& path) {
    File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return not_found("blob.missing");
    if (!file) throw_system_error("open", path);
    Digests digests;
    read_through(file, state_of(file, path).size, path, [&](auto bytes) { digests.update(bytes); });
    return digests.crc32();
}

std::vector<std::string> unnamed(db::Database& db, std::vector<std::string> locators) {
    return db.read_now([locators = std::move(locators)](db::Tx& tx) {
        std::vector<std::string> found;
        for (const auto& locator : locators)
            if (!store::is_named(tx, *hex_decode(LocalLayout::hash_in(locator)), locator)) found.push_back(locator);
        return found;
    });
}

class LocalStore final : public BlobStore {
public:
    explicit LocalStore(const LocalOptions& options) : layout_{options.directory}, workers_{options.threads} {}

    Result<std::unique_ptr<Writer>> create() override { return std::make_unique<LocalWriter>(layout_, workers_); }

    Task<Result<Source>> open(std::string locator) override {
        if (!LocalLayout::is_locator(locator)) co_return not_found("blob.missing");
        if (auto kept = open_files_.find(locator)) co_return *std::move(kept);
        auto launch = [this, locator](auto done) {
            push_answer(workers_, std::move(done), [this, locator] { return open_and_keep(locator); });
        };
        co_return co_await off_thread<Result<Source>>(std::move(launch));
    }

    Task<Result<bool>> adopt(std::string locator, Source from) override {
        if (!LocalLayout::is_locator(locator)) co_return fail(Error::Kind::Invalid, "blob.damaged");
        auto launch = [this, locator, from](auto done) {
            push_answer(workers_, std::move(done), [this, locator, from] { return copy_here(layout_, locator, from); });
        };
        co_return co_await off_thread<Result<bool>>(std::move(launch));
    }

    Task<Result<std::unique_ptr<Partial>>> open_partial(std::string name) override {
        if (!LocalLayout::is_partial_name(name)) co_return not_found("blob.missing");
        auto launch = [this, name](auto done) {
            push_answer(workers_, std::move(done), [this, name]() -> Result<std::unique_ptr<Partial>> {
                auto file = open_locked(layout_.partial() / name);
                if (!file) return fail(Error::Kind::Conflict, "blob.busy");
                return std::make_unique<LocalPartial>(layout_, workers_, partials_, name, std::move(file));
            });
        };
        co_return co_await off_thread<Result<std::unique_ptr<Partial>>>(std::move(launch));
    }

    void drop_partial(std::string name) override {
        if (!LocalLayout::is_partial_name(name)) return;
        workers_.push([path = layout_.partial() / name] { remove_or_warn(path); });
    }

    Task<Result<std::uint32_t>> crc32(std::string locator) override {
        if (!LocalLayout::is_locator(locator)) co_return not_found("blob.missing");
        auto launch = [this, locator](auto done) {
            push_answer(workers_, std::move(done), [path = layout_.path_of(locator)] { return crc32_of(path); });
        };
        co_return co_await off_thread<Result<std::uint32_t>>(std::move(launch));
    }

    void remove(const std::string& locator) override {
        if (!LocalLayout::is_locator(locator)) return;
        open_files_.forget(locator); // the space is given back when nobody has the file open
        remove_file(layout_.path_of(locator));
    }

    void discard(std::string locator) override {
        workers_.push([this, locator = std::move(locator)] {
            try {
                remove(locator);
            } catch (const std::system_error& error) {
                log::warn("a file that no row names stays until the next sweep: {}", error.what());
            }
        });
    }

    std::size_t sweep(db::Database& db, Millis now) override {
        std::size_t removed = sweep_incoming() + sweep_partial(now - partial_grace);
        for (unsigned int first = 0; first < 256; ++first)
            for (const auto& directory : fs::directory_iterator{layout_.root() / LocalLayout::two_digits(first)})
                removed += sweep_directory(db, directory.path(), now - grace);
        return removed;
    }

private:
    Result<Source> open_and_keep(const std::string& locator) {
        auto source = open_source(layout_.path_of(locator));
        if (source) open_files_.keep(locator, *source);
        return source;
    }

    std::size_t sweep_incoming() {
        std::size_t removed = 0;
        for (const auto& upload : fs::directory_iterator{layout_.incoming()}) {
            if (!is_abandoned(upload.path())) continue;
            remove_file(upload.path());
            ++removed;
        }
        return removed;
    }

    std::size_t sweep_partial(Millis before) {
        std::size_t removed = 0;
        for (const auto& upload : fs::directory_iterator{layout_.partial()}) {
            if (!older_than(upload.path(), before) || !is_abandoned(upload.path())) continue;
            remove_file(upload.path());
            ++removed;
        }
        return removed;
    }

    // A directory at a time: one question to the database for some dozens of files.
    std::size_t sweep_directory(db::Database& db, const fs::path& directory, Millis before) {
        std::vector<std::string> old;
        for (const auto& file : fs::directory_iterator{directory}) {
            auto locator = file.path().lexically_relative(layout_.root()).string();
            if (LocalLayout::is_locator(locator) && older_than(file.path(), before)) old.push_back(std::move(locator));
        }
        if (old.empty()) return 0;
        auto superfluous = unnamed(db, std::move(old));
        for (const auto& locator : superfluous) remove(locator);
        return superfluous.size();
    }

    LocalLayout layout_;
    OpenFiles open_files_{most_open_files};
    PartialFiles partials_;
    BlobWorkers workers_; // last: its threads end before what they use
};

} // namespace

std::unique_ptr<BlobStore> open_local(const LocalOptions& options) { return std::make_unique<LocalStore>(options); }

} // namespace preau::blob
