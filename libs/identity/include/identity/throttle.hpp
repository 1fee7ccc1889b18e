// Tries to sign in: per account first (exponential, never a hard lock), then per network (/24, /64) with room for a
// school of 1,000 behind one address, then globally. In memory: an attacker gains a restart, an administrator loses
// nothing.
#pragma once

#include "base/clock.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace preau::identity {

// The network that an address belongs to: "192.0.2.0/24", "2001:db8:1:2::/64"; "unknown" for anything else.
std::string network_of(std::string_view peer);

// Only failures count. A network from which this account has succeeded before has failures of its own, and neither the
// network's limit nor the global one holds it back: who guesses at a teacher's password from elsewhere, or at a
// thousand accounts from the next classroom, cannot keep that teacher out.
class Throttle {
public:
    explicit Throttle(const Clock& clock);
    ~Throttle();
    // Seconds to wait, or nothing: go on. Does not count as a try.
    std::optional<int> must_wait(std::string_view account, std::string_view peer);
    void failed(std::string_view account, std::string_view peer);
    void succeeded(std::string_view account, std::string_view peer); // forgets the account's failures

    // For checks that take a while: `enter` is must_wait and counts a failure in advance, in one step, so that a
    // hundred guesses at once do not all pass before the first has failed. `leave` must follow when it answered
    // nothing.
    enum class Outcome { Right, Wrong, Undecided };
    std::optional<int> enter(std::string_view account, std::string_view peer);
    void leave(std::string_view account, std::string_view peer, Outcome outcome);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::identity
