#include "store_directory.hpp"

#include "base/text.hpp"
#include "db/test_databases.hpp"

#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

using namespace preau;
using namespace preau::blob;

namespace {

std::string hash_of(std::string_view text) { return hex(sha256(text)); }

// Uploads half a file in a process of its own, which then dies without a chance to tidy up.
void die_in_the_middle_of_an_upload(const StoreDirectory& directory) {
    auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto store = directory.open();
        auto writer = store->create();
        auto wrote = sync_wait((*writer)->write(bytes_of("the first half")));
        ::kill(::getpid(), wrote ? SIGKILL : SIGTERM);
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
}

} // namespace

TEST_CASE("what was written is read again, named by its hash") {
    StoreDirectory directory;
    auto store = directory.open();
    for (const auto& text : {std::string{"worksheet"}, std::string{}, std::string(3'000'000, 'x')}) {
        auto done = stored(*store, text);
        CHECK(done.hash == hash_of(text));
        CHECK(done.size == static_cast<std::int64_t>(text.size()));
        CHECK(done.locator.starts_with(done.hash.substr(0, 2) + "/" + done.hash.substr(2, 2) + "/" + done.hash + "."));
        CHECK(read_text(*store, done.locator).value() == text);
    }
    CHECK(directory.files().size() == 3);
}

TEST_CASE("an upload of no write at all is an empty file") {
    StoreDirectory directory;
    auto store = directory.open();
    auto writer = std::move(*store->create());
    auto done = sync_wait(writer->finish());
    REQUIRE(done.has_value());
    CHECK(done->hash == hash_of(""));
    CHECK(read_text(*store, done->locator).value() == "");
}

TEST_CASE("many pieces make the same bytes as one") {
    StoreDirectory directory;
    auto store = directory.open();
    auto writer = std::move(*store->create());
    std::string whole;
    for (int i = 0; i < 500; ++i) {
        auto piece = std::string(static_cast<std::size_t>(i * 100), static_cast<char>('a' + i % 26));
        REQUIRE(sync_wait(writer->write(bytes_of(piece))).has_value());
        whole += piece;
    }
    CHECK(writer->written() == static_cast<std::int64_t>(whole.size())); // more than one step of writing back
    auto done = sync_wait(writer->finish());
    REQUIRE(done.has_value());
    CHECK(done->hash == hash_of(whole));
    CHECK(read_text(*store, done->locator).value() == whole);
}

TEST_CASE("two writers of the same bytes have two files") {
    StoreDirectory directory;
    auto store = directory.open();
    auto one = stored(*store, "same");
    auto two = stored(*store, "same");
    CHECK(one.hash == two.hash);
    CHECK(one.locator != two.locator);
    store->remove(one.locator);
    CHECK(read_text(*store, two.locator).value() == "same");
}

TEST_CASE("a writer that is dropped leaves nothing behind") {
    StoreDirectory directory;
    {
        auto store = directory.open();
        auto writer = std::move(*store->create());
        REQUIRE(sync_wait(writer->write(bytes_of("half"))).has_value());
        CHECK(directory.files().size() == 1);
        writer.reset();
        auto untouched = std::move(*store->create());
        untouched.reset();
    } // waits for its threads
    CHECK(directory.files().empty());
}

TEST_CASE("many uploads at once are all whole") {
    StoreDirectory directory;
    auto store = directory.open(4);
    std::vector<std::jthread> threads;
    std::vector<std::vector<Stored>> done(8);
    for (std::size_t thread = 0; thread < done.size(); ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 25; ++i)
                done[thread].push_back(stored(*store, std::to_string(thread) + ":" + std::to_string(i % 20)));
        });
    threads.clear();
    CHECK(directory.files().size() == 200);
    for (std::size_t thread = 0; thread < done.size(); ++thread)
        for (int i = 0; i < 25; ++i) {
            auto text = std::to_string(thread) + ":" + std::to_string(i % 20);
            const auto& one = done[thread][static_cast<std::size_t>(i)];
            CHECK(one.hash == hash_of(text));
            CHECK(read_text(*store, one.locator).value() == text);
        }
}

TEST_CASE("what is missing or no locator is not found") {
    StoreDirectory directory;
    auto store = directory.open();
    auto done = stored(*store, "here");
    auto absent = done.locator;
    absent.back() = absent.back() == '0' ? '1' : '0';
    for (const auto& locator : {absent, std::string{}, std::string{"../../../etc/passwd"}, "/" + done.locator,
                                "x" + done.locator.substr(1), done.locator + "/", std::string{"incoming"}}) {
        CAPTURE(locator);
        auto source = sync_wait(store->open(locator));
        REQUIRE_FALSE(source.has_value());
        CHECK(source.error().key == "blob.missing");
        CHECK(source.error().kind == Error::Kind::NotFound);
        CHECK_NOTHROW(store->remove(locator));
    }
    CHECK(read_text(*store, done.locator).value() == "here");
}

TEST_CASE("hot files are opened once, and no more than a few hundred stay open") {
    StoreDirectory directory;
    auto store = directory.open();
    auto first = stored(*store, "first");
    auto one = sync_wait(store->open(first.locator)).value();
    auto two = sync_wait(store->open(first.locator)).value();
    CHECK(*one.descriptor == *two.descriptor);
    std::weak_ptr<const int> kept = one.descriptor;
    one = {};
    two = {};
    CHECK_FALSE(kept.expired());
    for (int i = 0; i < 256; ++i) CHECK(read_text(*store, stored(*store, std::to_string(i)).locator).has_value());
    CHECK(kept.expired());
    CHECK(read_text(*store, first.locator).value() == "first");
}

TEST_CASE("a response that is being sent survives the removal, the next one is not found") {
    StoreDirectory directory;
    auto store = directory.open();
    auto done = stored(*store, "going");
    auto source = sync_wait(store->open(done.locator)).value();
    store->remove(done.locator);
    CHECK(directory.files().empty());
    char text[5];
    CHECK(::pread(*source.descriptor, text, sizeof text, 0) == 5);
    CHECK(std::string_view{text, 5} == "going");
    CHECK_FALSE(sync_wait(store->open(done.locator)).has_value());
}

TEST_CASE("what was discarded is gone before the store is closed") {
    StoreDirectory directory;
    {
        auto store = directory.open();
        for (int i = 0; i < 20; ++i) store->discard(stored(*store, "text").locator);
    }
    CHECK(directory.files().empty());
}

TEST_CASE("only the server's user may read the files") {
    StoreDirectory directory;
    auto store = directory.open();
    auto path = directory.path() / stored(*store, "private").locator;
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat(path.parent_path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a sweep removes what a dead process left, not what is being uploaded") {
    StoreDirectory directory;
    die_in_the_middle_of_an_upload(directory);
    CHECK(directory.files().size() == 1);
    auto database = db::fresh_sqlite(migrations());
    auto store = directory.open();
    auto writer = std::move(*store->create());
    REQUIRE(sync_wait(writer->write(bytes_of("half"))).has_value());
    SystemClock clock;
    CHECK(store->sweep(*database, clock.now()) == 1);
    CHECK(directory.files().size() == 1);
    auto done = sync_wait(writer->finish());
    REQUIRE(done.has_value());
    CHECK(read_text(*store, done->locator).value() == "half");
    CHECK(store->sweep(*database, clock.now()) == 0);
}
