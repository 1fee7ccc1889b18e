// "Nothing is named before it is durable" is a statement about the order of system calls, so this file looks at them:
// functions of the program itself come before the C library's, and note what the store asks for on the way.
#include "store_directory.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <mutex>

using namespace preau;
using namespace preau::blob;

namespace {

struct Call {
    std::string name;
    std::string path; // of the file, also where the call takes a descriptor
};

std::mutex journal_mutex;
std::vector<Call>* journal = nullptr; // null: nobody looks

std::string path_of(int descriptor) {
    char path[4096];
    auto link = "/proc/self/fd/" + std::to_string(descriptor);
    auto size = ::readlink(link.c_str(), path, sizeof path);
    return size < 0 ? "" : std::string(path, static_cast<std::size_t>(size));
}

void note(const char* name, std::string path) {
    std::lock_guard lock{journal_mutex};
    if (journal) journal->push_back({.name = name, .path = std::move(path)});
}

class Journal {
public:
    Journal() {
        std::lock_guard lock{journal_mutex};
        journal = &calls_;
    }
    ~Journal() {
        std::lock_guard lock{journal_mutex};
        journal = nullptr;
    }
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // The place of the first such call behind `after`; the end if there is none.
    std::size_t find(std::string_view name, const std::filesystem::path& path, std::size_t after = 0) const {
        for (auto at = after; at < calls_.size(); ++at)
            if (calls_[at].name == name && calls_[at].path == path.string()) return at;
        return calls_.size();
    }
    bool has(std::size_t place) const { return place < calls_.size(); }
    // Where the unfinished upload was renamed to its name.
    std::size_t renamed(const std::filesystem::path& incoming) const {
        for (std::size_t at = 0; at < calls_.size(); ++at)
            if (calls_[at].name == "rename" && calls_[at].path.starts_with(incoming.string())) return at;
        return calls_.size();
    }
    const Call& operator[](std::size_t place) const { return calls_[place]; }

private:
    std::vector<Call> calls_;
};

struct Order {
    bool bytes_before_name = false;
    bool name_before_answer = false;
    bool directories_before_name = false;
};

Order order_of_an_upload(const StoreDirectory& directory) {
    auto store = directory.open();
    Journal calls;
    auto done = stored(*store, "worksheet");
    auto leaf = (directory.path() / done.locator).parent_path();
    auto renamed = calls.renamed(directory.path() / "incoming");
    REQUIRE(calls.has(renamed));
    auto made = calls.find("mkdir", leaf);
    REQUIRE(calls.has(made));
    return {.bytes_before_name = calls.find("fdatasync", calls[renamed].path) < renamed,
            .name_before_answer = calls.has(calls.find("fsync", leaf, renamed)),
            .directories_before_name = calls.find("fsync", leaf.parent_path(), made) < renamed};
}

} // namespace

extern "C" {
int fdatasync(int descriptor) {
    note("fdatasync", path_of(descriptor));
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
int fsync(int descriptor) {
    note("fsync", path_of(descriptor));
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}
int rename(const char* from, const char* to) noexcept {
    note("rename", from);
    return static_cast<int>(::syscall(SYS_rename, from, to));
}
int mkdir(const char* path, mode_t mode) noexcept {
    note("mkdir", path);
    return static_cast<int>(::syscall(SYS_mkdir, path, mode));
}
}

TEST_CASE("bytes are durable before they have a name, and the name before the upload is answered") {
    StoreDirectory directory;
    auto order = order_of_an_upload(directory);
    CHECK(order.bytes_before_name);
    CHECK(order.name_before_answer);
    CHECK(order.directories_before_name);
}

TEST_CASE("a directory that was there at the start is synced once more: who made it may have died") {
    StoreDirectory directory;
    order_of_an_upload(directory);
    auto again = order_of_an_upload(directory); // the same bytes, so the same directories
    CHECK(again.directories_before_name);
}

TEST_CASE("a store that does not sync is noticed") {
    StoreDirectory directory;
    REQUIRE(::setenv("PREAU_FAULT", "skip_fsync", 1) == 0);
    auto order = order_of_an_upload(directory);
    ::unsetenv("PREAU_FAULT");
    CHECK_FALSE(order.bytes_before_name);
    CHECK_FALSE(order.name_before_answer);
    CHECK_FALSE(order.directories_before_name);
}
