#include "http/rate.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace preau;
using namespace preau::http;

namespace {

constexpr Rate limited[] = {Rate::Read, Rate::Write, Rate::Upload, Rate::Part, Rate::Archive, Rate::SignIn};
constexpr auto school = "192.0.2.1";

int let_through(RateLimiter& limiter, Rate rate, std::string_view who, std::string_view network, int tries,
                Millis now = 0) {
    int passed = 0;
    for (int i = 0; i < tries; ++i)
        if (!limiter.must_wait(rate, who, network, now)) ++passed;
    return passed;
}

} // namespace

TEST_CASE("of every class a person has so many, then waits, while the colleagues next door go on") {
    const RateRules rules;
    for (auto rate : limited) {
        CAPTURE(static_cast<int>(rate));
        RateLimiter limiter;
        const auto burst = static_cast<int>(rules.of(rate).person.burst);
        CHECK(let_through(limiter, rate, "camille", school, burst + 50) == burst);
        CHECK(let_through(limiter, rate, "nadia", school, 10) == 10);
        CHECK(*limiter.must_wait(rate, "camille", school, 0) >= 1); // seconds, said in Retry-After
        CHECK_FALSE(limiter.must_wait(rate, "camille", school, 2'000)); // two seconds give one of each class
        for (auto other : limited)
            if (other != rate) CHECK_FALSE(limiter.must_wait(other, "camille", school, 0));
    }
}

TEST_CASE("strangers share what their network has; another network is not theirs") {
    for (auto rate : {Rate::Archive, Rate::SignIn}) {
        RateLimiter limiter;
        const auto burst = static_cast<int>(RateRules{}.of(rate).network.burst);
        CHECK(let_through(limiter, rate, "", school, burst + 10) == burst);
        CHECK(limiter.must_wait(rate, "nadia", school, 0)); // whoever asks from there
        CHECK_FALSE(limiter.must_wait(rate, "", "198.51.100.1", 0));
    }
}

TEST_CASE("a resumed upload is no abuse: parts of a megabyte on a gigabit line, a train that cuts every second") {
    RateLimiter limiter;
    Millis now = 0;
    int refused = 0;
    for (int part = 0; part < 10'000; ++part, now += 8)
        if (limiter.must_wait(Rate::Part, "camille", school, now)) ++refused;
    CHECK(refused == 0);
    for (int cut = 0; cut < 600; ++cut, now += 1000)
        for (int request = 0; request < 2; ++request) // HEAD, PATCH
            if (limiter.must_wait(Rate::Part, "lina", school, now)) ++refused;
    CHECK(refused == 0);
    CHECK(let_through(limiter, Rate::Upload, "camille", school, 2'000, now) == 2'000); // a folder of photos at once
}

TEST_CASE("a school of a thousand behind one address is not locked out when the bell rings") {
    RateLimiter limiter;
    int refused = 0;
    for (int pupil = 0; pupil < 1000; ++pupil)
        for (auto rate : {Rate::SignIn, Rate::Read, Rate::Read, Rate::Read, Rate::Upload, Rate::Part})
            if (limiter.must_wait(rate, "pupil " + std::to_string(pupil), school, pupil * 10)) ++refused;
    CHECK(refused == 0);
}
