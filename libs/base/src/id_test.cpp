#include "base/id.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <thread>
#include <vector>

using namespace preau;

namespace {
constexpr int node_shift = 12;
using PageId = Id<struct PageTag>;
} // namespace

TEST_CASE("an id holds its moment, its node and its sequence") {
    ManualClock clock;
    IdSource ids{clock, 1023};
    auto first = ids.next();
    auto second = ids.next();
    CHECK(millis_of_id(first) == clock.now());
    CHECK((first >> node_shift & 1023) == 1023);
    CHECK((first & 4095) == 0);
    CHECK(second == first + 1);
    clock.advance(1);
    auto later = ids.next();
    CHECK(millis_of_id(later) == clock.now());
    CHECK((later & 4095) == 0);
}

TEST_CASE("more than 4,096 ids in one millisecond borrow the next one") {
    ManualClock clock;
    IdSource ids{clock, 5};
    std::vector<std::int64_t> made;
    for (int i = 0; i < 10'000; ++i) made.push_back(ids.next());
    CHECK(std::ranges::is_sorted(made));
    CHECK(std::ranges::adjacent_find(made) == made.end());
    CHECK(millis_of_id(made[4095]) == clock.now());
    CHECK(millis_of_id(made[4096]) == clock.now() + 1);
    CHECK(std::ranges::all_of(made, [](auto id) { return (id >> node_shift & 1023) == 5; }));
    clock.advance(1); // the borrowed milliseconds are not given out twice
    CHECK(ids.next() > made.back());
}

TEST_CASE("ids go on rising when the clock goes back") {
    ManualClock clock;
    IdSource ids{clock, 0};
    auto before = ids.next();
    clock.advance(-1_h);
    auto after = ids.next();
    CHECK(after > before);
    for (int i = 0; i < 5000; ++i) {
        auto next = ids.next();
        REQUIRE(next > after);
        after = next;
    }
    clock.set(0); // before the epoch of the ids
    CHECK(ids.next() > after);
}

TEST_CASE("a clock before 2025 gives positive ids") {
    ManualClock clock{0};
    IdSource ids{clock, 0};
    CHECK(ids.next() > 0);
}

TEST_CASE("an id is never below the floor that the database remembers") {
    ManualClock clock;
    IdSource yesterday{clock, 7};
    auto stored = yesterday.next();
    clock.advance(-1_days);
    IdSource restarted{clock, 3, stored}; // another node number, a clock set back
    CHECK(restarted.next() > stored);
}

TEST_CASE("threads never get the same id") {
    SystemClock clock;
    IdSource ids{clock, 1};
    std::vector<std::vector<std::int64_t>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : made)
            threads.emplace_back([&ids, &mine] {
                for (int i = 0; i < 5000; ++i) mine.push_back(ids.next());
            });
    }
    std::set<std::int64_t> all;
    for (const auto& mine : made) {
        CHECK(std::ranges::is_sorted(mine));
        all.insert(mine.begin(), mine.end());
    }
    CHECK(all.size() == 20'000);
}

TEST_CASE("base 32 goes there and back, in either case") {
    for (std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{31}, std::int64_t{32}, std::int64_t{1023},
                               std::int64_t{224'000'000'000'000'000}, std::numeric_limits<std::int64_t>::max()}) {
        auto text = to_base32(value);
        CAPTURE(text);
        CHECK(from_base32(text) == value);
        std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
        CHECK(from_base32(text) == value);
    }
    CHECK(to_base32(0) == "0");
    CHECK(to_base32(31) == "z");
    CHECK(to_base32(32) == "10");
    CHECK(to_base32(std::numeric_limits<std::int64_t>::max()) == "7zzzzzzzzzzzz");
}

TEST_CASE("base 32 refuses junk, a second spelling and more than 63 bits") {
    for (auto text : {"", "i", "l", "o", "u", "I", "L", "O", "U", "-1", "1 ", "é", "01", "00", "8000000000000",
                      "zzzzzzzzzzzzz", "10000000000000"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base32(text));
    }
    CHECK_FALSE(from_base32(std::string_view{"1\0", 2}));
}

TEST_CASE("a typed id is parsed, and zero is none") {
    CHECK(parse_id<PageId>("10") == PageId{32});
    CHECK_FALSE(parse_id<PageId>("0"));
    CHECK_FALSE(parse_id<PageId>("?"));
    CHECK(to_text(PageId{32}) == "10");
    CHECK_FALSE(PageId{});
}
