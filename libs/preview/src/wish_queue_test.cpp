#include "wish_queue.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using namespace preau;
using namespace preau::preview;

namespace {

Wish photo(std::string hash, std::string type = "image/jpeg") {
    return {.what = What::Thumbnail, .source = {.hash = std::move(hash)}, .media_type = std::move(type)};
}

// Work that waits until it is let go, and counts.
struct Kitchen {
    Result<Made> cook(const Wish& wish) {
        ++begun;
        const int now = ++at_once;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        open.wait();
        --at_once;
        if (wish.source.hash == "throws") throw std::runtime_error{"the disk is on fire"};
        return Made{.locator = wish.source.hash};
    }
    std::latch open{1};
    std::atomic<int> begun = 0, at_once = 0, most = 0;
};

void wait_for(const std::atomic<int>& number, int value) {
    while (number.load() < value) std::this_thread::yield();
}

} // namespace

TEST_CASE("those who wish the same wait for one process, and beyond the bounds one is turned away") {
    Kitchen kitchen;
    std::atomic<int> served = 0, away = 0;
    const auto count = [&](const Result<Made>& result) {
        if (result)
            ++served;
        else {
            CHECK(result.error().key == "preview.busy");
            CHECK(result.error().retry_after > 0);
            ++away;
        }
    };
    {
        Queue queue{{.at_once = 1, .waiting = 2}, [&](const Wish& wish) { return kitchen.cook(wish); }};
        for (int i = 0; i < 10; ++i) queue.add(photo("a"), count);
        wait_for(kitchen.begun, 1);
        queue.add(photo("b"), count);
        queue.add(photo("c"), count);
        CHECK(away == 0);
        queue.add(photo("d"), count);
        CHECK(away == 1);
        queue.add(photo("b"), count); // the same as one that waits: no room needed
        kitchen.open.count_down();
        wait_for(served, 13);
    }
    CHECK(kitchen.begun == 3);
    CHECK(away == 1);
}

TEST_CASE("office documents go one at a time and keep no picture waiting") {
    Kitchen kitchen;
    std::atomic<int> served = 0;
    const auto count = [&](const Result<Made>&) { ++served; };
    Queue queue{{.at_once = 3}, [&](const Wish& wish) { return kitchen.cook(wish); }};
    for (const auto* hash : {"a", "b", "c"}) queue.add(photo(hash, "application/msword"), count);
    queue.add(photo("d"), count);
    wait_for(kitchen.begun, 2); // one document and the picture
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    CHECK(kitchen.begun == 2);
    kitchen.open.count_down();
    wait_for(served, 4);
}

TEST_CASE("work that throws answers, and the end turns away who waits") {
    Kitchen kitchen;
    std::atomic<int> away = 0;
    {
        Queue queue{{.at_once = 1}, [&](const Wish& wish) { return kitchen.cook(wish); }};
        queue.add(photo("throws"), [&](const Result<Made>& result) { away += !result; });
        wait_for(kitchen.begun, 1);
        queue.add(photo("late"), [&](const Result<Made>& result) { away += !result; });
        kitchen.open.count_down();
    }
    CHECK(away == 2);
}
