#include "store_directory.hpp"

#include "db/test_databases.hpp"

#include <fstream>

using namespace preau;
using namespace preau::blob;

TEST_CASE("bytes are taken over from another store once, under the same locator") {
    StoreDirectory one, other;
    auto from = one.open();
    auto to = other.open();
    for (const auto& text : {std::string{"worksheet"}, std::string{}, std::string(700'000, 'x')}) {
        auto done = stored(*from, text);
        auto source = sync_wait(from->open(done.locator)).value();
        CHECK(verify(source, done.locator).has_value());
        CHECK(sync_wait(to->adopt(done.locator, source)).value());
        CHECK_FALSE(sync_wait(to->adopt(done.locator, source)).value());
        CHECK(read_text(*to, done.locator).value() == text);
    }
    CHECK(other.files() == one.files());
}

TEST_CASE("bytes that are not those of their hash are taken over by nobody") {
    StoreDirectory one, other;
    auto from = one.open();
    auto to = other.open();
    auto done = stored(*from, "worksheet");
    std::ofstream{one.path() / done.locator} << "Worksheet";
    auto source = sync_wait(from->open(done.locator)).value();
    CHECK(verify(source, done.locator).error().key == "blob.damaged");
    CHECK(sync_wait(to->adopt(done.locator, source)).error().key == "blob.damaged");
    CHECK_FALSE(sync_wait(to->adopt("../../etc/passwd", source)).has_value());
    source.length += 1; // shorter than it says
    CHECK(verify(source, done.locator).error().key == "blob.damaged");
    CHECK(other.files().empty());
}

TEST_CASE("all named bytes come in the order of their locators") {
    db::on_each_engine(migrations(), [](db::Database& db) {
        StoreDirectory directory;
        auto store = directory.open();
        ManualClock clock;
        IdSource ids{clock, 7};
        for (int number = 0; number < 20; ++number) {
            auto bytes = stored(*store, std::to_string(number));
            db.write_now([&](db::Tx& tx) { add(tx, ids, *store, bytes, number + 1); });
        }
        std::vector<std::string> locators;
        db.read_now([&](db::Tx& tx) { each_stored(tx, [&](const Stored& one) { locators.push_back(one.locator); }); });
        CHECK(locators == directory.files()); // sorted
    });
}
