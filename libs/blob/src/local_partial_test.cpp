#include "store_directory.hpp"

#include "base/text.hpp"
#include "db/test_databases.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

using namespace preau;
using namespace preau::blob;

namespace {

std::string hash_of(std::string_view text) { return hex(sha256(text)); }

std::unique_ptr<Partial> partial(BlobStore& store, std::string name, std::int64_t offset) {
    auto opened = sync_wait(store.open_partial(std::move(name)));
    REQUIRE(opened.has_value());
    REQUIRE(sync_wait((*opened)->start_at(offset)).has_value());
    return *std::move(opened);
}

void append(Partial& upload, std::string_view text) { REQUIRE(sync_wait(upload.write(bytes_of(text))).has_value()); }
void sync(Partial& upload) { REQUIRE(sync_wait(upload.sync()).has_value()); }

// Syncs a first half, writes more, and dies without a chance to tidy up.
void die_in_the_middle(const StoreDirectory& directory) {
    auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto store = directory.open();
        auto upload = partial(*store, "u1", 0);
        append(*upload, "acknowledged ");
        sync(*upload);
        append(*upload, "never told to anybody");
        ::kill(::getpid(), SIGKILL);
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
}

} // namespace

TEST_CASE("a partial upload goes on where it was synced, in this process and the next, and is the same bytes") {
    StoreDirectory directory;
    {
        auto store = directory.open();
        auto upload = partial(*store, "u1", 0);
        append(*upload, "one ");
        sync(*upload);
        upload.reset();
        upload = partial(*store, "u1", 4);
        append(*upload, "two ");
        sync(*upload);
        CHECK(upload->written() == 8);
    }
    auto store = directory.open(); // nothing is remembered
    auto upload = partial(*store, "u1", 8);
    append(*upload, "three");
    auto done = sync_wait(upload->finish());
    REQUIRE(done.has_value());
    CHECK(done->hash == hash_of("one two three"));
    CHECK(done->size == 13);
    CHECK(done->crc32 == sync_wait(store->crc32(done->locator)).value());
    CHECK(read_text(*store, done->locator).value() == "one two three");
    struct stat status{};
    REQUIRE(::stat((directory.path() / done->locator).c_str(), &status) == 0);
    CHECK(status.st_nlink == 2); // no byte was copied, and the partial is there until it is dropped
    upload.reset();
    store->drop_partial("u1");
    store.reset();
    CHECK(directory.files() == std::vector{done->locator});
}

TEST_CASE("what was acknowledged is there after kill -9; what was not may be sent again") {
    StoreDirectory directory;
    die_in_the_middle(directory);
    auto store = directory.open();
    auto upload = partial(*store, "u1", 13);
    append(*upload, "and whole");
    auto done = sync_wait(upload->finish());
    REQUIRE(done.has_value());
    CHECK(done->hash == hash_of("acknowledged and whole"));
    CHECK(read_text(*store, done->locator).value() == "acknowledged and whole");
}

TEST_CASE("one holder at a time; an offset that never was is refused; bytes behind the offset go") {
    StoreDirectory directory;
    auto store = directory.open();
    auto upload = partial(*store, "u1", 0);
    auto second = sync_wait(store->open_partial("u1"));
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().key == "blob.busy");
    auto elsewhere = directory.open(); // as another process would
    CHECK_FALSE(sync_wait(elsewhere->open_partial("u1")).has_value());

    append(*upload, "good ");
    sync(*upload);
    append(*upload, "bad");
    REQUIRE(sync_wait(upload->start_at(5)).has_value()); // a checksum did not fit
    append(*upload, "too");
    sync(*upload);
    CHECK(sync_wait(upload->start_at(9)).error().key == "blob.missing");
    REQUIRE(sync_wait(upload->start_at(8)).has_value());
    upload.reset();

    // Another process goes on meanwhile: what was remembered here is then worth nothing.
    upload = partial(*elsewhere, "u1", 5);
    append(*upload, "four");
    sync(*upload);
    upload.reset();
    upload = partial(*store, "u1", 9);
    auto done = sync_wait(upload->finish());
    REQUIRE(done.has_value());
    CHECK(done->hash == hash_of("good four"));
    CHECK_FALSE(sync_wait(store->open_partial("../u1")).has_value());
    CHECK_FALSE(sync_wait(store->open_partial("")).has_value());
}

TEST_CASE("a finished partial whose row was refused is finished again") {
    StoreDirectory directory;
    auto store = directory.open();
    auto upload = partial(*store, "u1", 0);
    append(*upload, "essay");
    auto first = sync_wait(upload->finish());
    REQUIRE(first.has_value());
    store->remove(first->locator);
    upload.reset();
    upload = partial(*store, "u1", 5);
    auto again = sync_wait(upload->finish());
    REQUIRE(again.has_value());
    CHECK(again->hash == first->hash);
    CHECK(again->locator != first->locator);
    CHECK(read_text(*store, again->locator).value() == "essay");
}

TEST_CASE("partial uploads that nobody touched for days are swept, those that somebody holds are not") {
    StoreDirectory directory;
    auto database = db::fresh_sqlite(migrations());
    auto store = directory.open();
    auto old = partial(*store, "old", 0);
    append(*old, "x");
    sync(*old);
    old.reset();
    auto held = partial(*store, "held", 0);
    auto fresh = partial(*store, "fresh", 0);
    fresh.reset();
    for (auto name : {"old", "held"}) {
        timespec long_ago[2] = {{.tv_sec = 1'700'000'000}, {.tv_sec = 1'700'000'000}};
        REQUIRE(::utimensat(AT_FDCWD, (directory.path() / "partial" / name).c_str(), long_ago, 0) == 0);
    }
    CHECK(store->sweep(*database, SystemClock{}.now()) == 1);
    CHECK(directory.files() == std::vector<std::string>{"partial/fresh", "partial/held"});
}

TEST_CASE("CRC-32 is that of ZIP") {
    StoreDirectory directory;
    auto store = directory.open();
    CHECK(stored(*store, "123456789").crc32 == 0xCBF43926U); // the check value that every description of it names
    CHECK(stored(*store, "").crc32 == 0U);
}
