// Limits on how often somebody asks: per person or link first, per network second, so generous that a school of 1,000
// behind one address is never locked out (DESIGN §7). Memory is fixed whatever an attacker invents as names.
#pragma once

#include "http/router.hpp"

#include "base/clock.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace preau::http {

struct Bucket {
    double per_second = 0; // refill; 0: no limit
    double burst = 0;      // what a full bucket holds
};
struct RateRule {
    Bucket person;
    Bucket network;
};
// The classes (per second, and how many at once after a rest):
//   class    what                                                        person        network
//   Free     assets, health: costs nothing                               no limit      no limit
//   Read     pages, lists, downloads                                     50 (500)      2,000 (20,000)
//   Write    forms, changes by API                                       20 (200)      500 (5,000)
//   Upload   a file or hand-in is begun: it makes rows and files         20 (2,000)    500 (20,000)
//   Part     goes on with what was let in: the next part of an upload    150 (2,000)   2,000 (40,000)
//   Archive  walks a tree or gathers for minutes: ZIP, exports           0.5 (30)      20 (600)
//   SignIn   tries a secret: passwords, codes, links' passwords          0.5 (20)      20 (3,000)
// A folder of 2,000 photos is no abuse, nor is an upload in parts of one megabyte on a fast line, nor one that is taken
// up again every few seconds on a train: bytes are bounded by quotas, not here.
struct RateRules {
    RateRule read{{.per_second = 50, .burst = 500}, {.per_second = 2000, .burst = 20'000}};
    RateRule write{{.per_second = 20, .burst = 200}, {.per_second = 500, .burst = 5'000}};
    RateRule upload{{.per_second = 20, .burst = 2'000}, {.per_second = 500, .burst = 20'000}};
    RateRule part{{.per_second = 150, .burst = 2'000}, {.per_second = 2000, .burst = 40'000}};
    RateRule archive{{.per_second = 0.5, .burst = 30}, {.per_second = 20, .burst = 600}};
    RateRule sign_in{{.per_second = 0.5, .burst = 20}, {.per_second = 20, .burst = 3'000}};

    const RateRule& of(Rate rate) const; // not for Free
};

// Thread-safe. Knows no exceptions: whether a request is to be counted at all is the gatekeeper's affair.
class RateLimiter {
public:
    explicit RateLimiter(RateRules rules = {});
    ~RateLimiter();
    // Seconds to wait, or nothing: go on, and the try is counted. `who` names a person or link, empty for a stranger;
    // `network` is the address of the client: an IPv6 address counts by its /64.
    std::optional<int> must_wait(Rate rate, std::string_view who, std::string_view network, Millis now);

private:
    struct Table;
    RateRules rules_;
    std::unique_ptr<Table> table_;
};

} // namespace preau::http
