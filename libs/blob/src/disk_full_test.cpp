// A disk that fills up in the middle of an upload: a real one, of one megabyte, mounted where only a child process sees
// it.
#include "store_directory.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>

using namespace preau;
using namespace preau::blob;

#define SMALL_DISK_CASE "a full disk is an answer, leaves nothing, and what fits is still taken"

namespace {

std::string this_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

// Writes 4 MB in pieces until the store says no. Answers the error.
Result<Stored> upload_too_much(BlobStore& store) {
    auto writer = std::move(*store.create());
    const std::string piece(64 * 1024, 'x');
    for (int i = 0; i < 64; ++i)
        if (auto wrote = sync_wait(writer->write(bytes_of(piece))); !wrote) {
            // Space that is freed meanwhile does not mend an upload of which a piece is missing.
            CHECK_FALSE(sync_wait(writer->write(bytes_of("y"))).has_value());
            CHECK_FALSE(sync_wait(writer->finish()).has_value());
            return std::unexpected(wrote.error());
        }
    return sync_wait(writer->finish());
}

void check_that_it_was_refused(const Result<Stored>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().key == "blob.storage_full");
    CHECK(result.error().kind == Error::Kind::StorageFull);
}

void fill_a_small_disk(const std::filesystem::path& path) {
    REQUIRE(::mount("none", path.c_str(), "tmpfs", 0, "size=1m,mode=700") == 0);
    {
        auto store = open_local({.directory = path, .threads = 1});
        check_that_it_was_refused(upload_too_much(*store));
        // One thread works in turn: when this is stored, the file of the failed upload is gone.
        CHECK(stored(*store, "small enough").size == 12);
        CHECK(files_below(path).size() == 1);
        CHECK(stored(*store, std::string(300'000, 'y')).size == 300'000);
        check_that_it_was_refused(upload_too_much(*store));
    }
    CHECK(files_below(path).size() == 2);
}

} // namespace

TEST_CASE(SMALL_DISK_CASE) {
    if (const char* path = std::getenv("PREAU_BLOB_SMALL_DISK")) return fill_a_small_disk(path);
    StoreDirectory directory;
    REQUIRE(::setenv("PREAU_BLOB_SMALL_DISK", directory.path().c_str(), 1) == 0);
    // This very test again, in a mount namespace of its own: the mount ends with that process, whatever happens to it.
    auto command = std::string{"unshare --mount "} + (::geteuid() == 0 ? "" : "--map-root-user ") + "-- '" +
                   this_program() + "' --test-case='" SMALL_DISK_CASE "' >&2";
    auto status = std::system(command.c_str());
    ::unsetenv("PREAU_BLOB_SMALL_DISK");
    CHECK(status == 0);
    CHECK(directory.files().empty()); // the mount hid this directory: else the other process filled the wrong disk
}

TEST_CASE("a limit on the size of files is answered like a full disk") {
    StoreDirectory directory;
    auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
    rlimit small{.rlim_cur = 1 << 20, .rlim_max = old.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    {
        auto store = directory.open();
        auto refused = upload_too_much(*store);
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
        check_that_it_was_refused(refused);
    }
    std::signal(SIGXFSZ, before);
    CHECK(directory.files().empty());
}
