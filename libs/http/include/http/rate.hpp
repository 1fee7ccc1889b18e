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
struct RateRules {
    RateRule read{{.per_second = 50, .burst = 500}, {.per_second = 2000, .burst = 20'000}};
    RateRule write{{.per_second = 20, .burst = 200}, {.per_second = 500, .burst = 5'000}};
    RateRule upload{{.per_second = 10, .burst = 300}, {.per_second = 200, .burst = 5'000}};
    RateRule sign_in{{.per_second = 0.5, .burst = 20}, {.per_second = 20, .burst = 3'000}};
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
