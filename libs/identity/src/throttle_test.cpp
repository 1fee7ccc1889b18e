#include "identity/throttle.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace preau;
using namespace preau::identity;

namespace {
constexpr auto school = "192.0.2.7";
constexpr auto elsewhere = "203.0.113.9";
} // namespace

TEST_CASE("networks are /24 and /64") {
    CHECK(network_of("192.0.2.7") == "192.0.2.0/24");
    CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(network_of("::ffff:192.0.2.7") == "192.0.2.0/24");
    CHECK(network_of("fe80::1%eth0") == "fe80::/64");
    for (auto junk : {"", "unix:", "192.0.2", "x", "192.0.2.7.9"}) CHECK(network_of(junk) == "unknown");
}

TEST_CASE("five failures are free, then the wait doubles up to five minutes") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(throttle.must_wait("teacher", school));
        throttle.failed("teacher", school);
    }
    for (int expected : {1, 2, 4, 8, 16, 32, 64, 128, 256}) {
        auto wait = throttle.must_wait("teacher", school);
        REQUIRE(wait);
        CHECK(*wait == expected);
        clock.advance(*wait * 1_s - 1);
        CHECK(throttle.must_wait("teacher", school) == 1);
        clock.advance(1);
        CHECK_FALSE(throttle.must_wait("teacher", school));
        throttle.failed("teacher", school);
    }
    CHECK(throttle.must_wait("teacher", school) == 300);
    throttle.failed("teacher", school);
    CHECK(throttle.must_wait("teacher", school) == 300); // never more
    CHECK_FALSE(throttle.must_wait("colleague", school));
}

TEST_CASE("failures are forgiven one by one, and at once by a right password") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 14; ++i) throttle.failed("teacher", school);
    clock.advance(50_min);
    for (int i = 0; i < 1; ++i) throttle.failed("teacher", school);
    CHECK(throttle.must_wait("teacher", school) == 1); // 14 - 10 + 1 = 5 failures
    throttle.succeeded("teacher", school);
    for (int i = 0; i < 4; ++i) throttle.failed("teacher", school);
    CHECK_FALSE(throttle.must_wait("teacher", school));
}

TEST_CASE("looking does not count") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 100; ++i) CHECK_FALSE(throttle.must_wait("teacher", school));
}

TEST_CASE("a school of a thousand signs in behind one address within minutes") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int person = 0; person < 1000; ++person) {
        auto login = "person" + std::to_string(person);
        clock.advance(200);
        if (person % 4 == 0) { // one in four mistypes
            REQUIRE_FALSE(throttle.enter(login, school));
            throttle.leave(login, school, Throttle::Outcome::Wrong);
        }
        REQUIRE_FALSE(throttle.enter(login, school));
        throttle.leave(login, school, Throttle::Outcome::Right);
    }
}

TEST_CASE("successes never use up a network") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int person = 0; person < 5000; ++person) {
        auto login = "person" + std::to_string(person);
        REQUIRE_FALSE(throttle.enter(login, school));
        throttle.leave(login, school, Throttle::Outcome::Right);
    }
}

TEST_CASE("who tries a thousand accounts from one network is slowed down, and only there") {
    ManualClock clock;
    Throttle throttle{clock};
    throttle.succeeded("teacher", school);
    int tried = 0;
    for (int i = 0; i < 2000; ++i)
        if (!throttle.enter("guess" + std::to_string(i), school)) ++tried;
    CHECK(tried == 400);
    CHECK(throttle.must_wait("colleague", school));
    CHECK_FALSE(throttle.must_wait("teacher", school)); // has signed in here before
    CHECK_FALSE(throttle.must_wait("colleague", elsewhere));
    clock.advance(2_s);
    CHECK_FALSE(throttle.must_wait("colleague", school));
}

TEST_CASE("all networks together have a ceiling, which known people do not feel") {
    ManualClock clock;
    Throttle throttle{clock};
    throttle.succeeded("teacher", school);
    int tried = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto peer = "2001:db8:" + std::to_string(i % 9000) + ":1::1";
        if (!throttle.enter("guess" + std::to_string(i), peer)) ++tried;
    }
    CHECK(tried == 10'000);
    CHECK(throttle.must_wait("colleague", elsewhere));
    CHECK_FALSE(throttle.must_wait("teacher", school));
}

TEST_CASE("failures elsewhere do not keep somebody out of a network that knows them") {
    ManualClock clock;
    Throttle throttle{clock};
    throttle.succeeded("teacher", school);
    for (int i = 0; i < 30; ++i) throttle.failed("teacher", elsewhere);
    CHECK(throttle.must_wait("teacher", elsewhere) == 300);
    CHECK_FALSE(throttle.must_wait("teacher", "192.0.2.99"));
    for (int i = 0; i < 5; ++i) throttle.failed("teacher", school);
    CHECK(throttle.must_wait("teacher", school) == 1); // guesses from inside are throttled on their own
}

TEST_CASE("a try that was not decided is not counted") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 1000; ++i) {
        REQUIRE_FALSE(throttle.enter("teacher", school));
        throttle.leave("teacher", school, Throttle::Outcome::Undecided);
    }
}

TEST_CASE("a clock that goes back makes nobody wait longer than five minutes") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 20; ++i) throttle.failed("teacher", school);
    clock.advance(-365_days);
    CHECK(throttle.must_wait("teacher", school) == 300);
    clock.advance(300_s);
    CHECK_FALSE(throttle.must_wait("teacher", school));
}

TEST_CASE("a million names do not fill the memory") {
    ManualClock clock;
    Throttle throttle{clock};
    for (int i = 0; i < 120'000; ++i)
        throttle.failed("guess" + std::to_string(i), "2001:db8:" + std::to_string(i % 9000) + "::1");
    // The oldest were forgotten to make room, the latest are counted.
    for (int i = 0; i < 5; ++i) throttle.failed("guess119999", school);
    CHECK(throttle.must_wait("guess119999", school));
}
