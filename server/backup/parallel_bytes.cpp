#include "backup/parallel_bytes.hpp"

#include "backup/backup_directory.hpp"

#include <exception>
#include <mutex>
#include <thread>

namespace preau::server {
namespace {

constexpr int at_once = 4; // as many as a blob store has threads
constexpr std::size_t most_named = 100;

// Hands the lines of a list to several threads and gathers what they found.
class Gathering {
public:
    explicit Gathering(const std::filesystem::path& list) : list_{list} {}

    template <class Work> CopiedBytes run(Work work) {
        {
            std::vector<std::jthread> threads;
            for (int number = 0; number < at_once; ++number) threads.emplace_back([this, work] { take_lines(work); });
        }
        if (failure_) std::rethrow_exception(failure_);
        return std::move(found_);
    }
    void note_copied(const ListedBytes& line) {
        std::lock_guard lock{mutex_};
        ++found_.files;
        found_.bytes += line.size;
    }
    // blob.missing or blob.damaged; anything else ends the whole.
    void note(const ListedBytes& line, const Error& error) {
        if (error.kind == Error::Kind::StorageFull) throw db::StorageFull{"the disk is full: make room and try again"};
        std::lock_guard lock{mutex_};
        if (error.key == "blob.missing")
            ++found_.missing;
        else if (found_.damaged.size() < most_named)
            found_.damaged.push_back(line.locator);
    }

private:
    template <class Work> void take_lines(Work work) {
        try {
            while (auto line = next()) work(*this, *line);
        } catch (...) {
            std::lock_guard lock{mutex_};
            if (!failure_) failure_ = std::current_exception();
        }
    }
    std::optional<ListedBytes> next() {
        std::lock_guard lock{mutex_};
        return failure_ ? std::nullopt : list_.next();
    }

    std::mutex mutex_;
    BlobList list_;
    CopiedBytes found_;
    std::exception_ptr failure_;
};

} // namespace

CopiedBytes copy_all(blob::BlobStore& from, blob::BlobStore& to, const std::filesystem::path& list) {
    return Gathering{list}.run([&from, &to](Gathering& all, const ListedBytes& line) {
        auto source = sync_wait(from.open(line.locator));
        if (!source) return all.note(line, source.error());
        auto copied = sync_wait(to.adopt(line.locator, *source));
        if (!copied) return all.note(line, copied.error());
        if (*copied) all.note_copied(line);
    });
}

CopiedBytes check_all(blob::BlobStore& store, const std::filesystem::path& list, Depth depth) {
    return Gathering{list}.run([&store, depth](Gathering& all, const ListedBytes& line) {
        auto source = sync_wait(store.open(line.locator));
        if (!source) return all.note(line, source.error());
        if (source->length != static_cast<std::uint64_t>(line.size))
            return all.note(line, {.kind = Error::Kind::Conflict, .key = "blob.damaged"});
        if (depth == Depth::Bytes)
            if (auto good = blob::verify(*source, line.locator); !good) return all.note(line, good.error());
        all.note_copied(line);
    });
}

} // namespace preau::server
