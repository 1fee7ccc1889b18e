// Time comes in from outside, so that tests move it. All moments are milliseconds since 1970-01-01 UTC.
#pragma once

#include <atomic>
#include <cstdint>

namespace preau {

using Millis = std::int64_t;

constexpr Millis operator""_s(unsigned long long seconds) { return static_cast<Millis>(seconds) * 1000; }
constexpr Millis operator""_min(unsigned long long minutes) { return static_cast<Millis>(minutes) * 60'000; }
constexpr Millis operator""_h(unsigned long long hours) { return static_cast<Millis>(hours) * 3'600'000; }
constexpr Millis operator""_days(unsigned long long days) { return static_cast<Millis>(days) * 86'400'000; }

class Clock {
public:
    virtual ~Clock() = default;
    virtual Millis now() const = 0; // may go backwards: an administrator can set the machine's clock
};

class SystemClock final : public Clock {
public:
    Millis now() const override;
};

// For tests: stands still until told to move; may be read and moved from several threads.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Millis start = 1'788'764'400'000) : now_{start} {} // Monday 7 September 2026, 09:00 in Paris
    Millis now() const override { return now_.load(); }
    void advance(Millis by) { now_ += by; }
    void set(Millis to) { now_ = to; }

private:
    std::atomic<Millis> now_;
};

// Monotonic nanoseconds for durations; never stored.
std::int64_t monotonic_nanoseconds();

} // namespace preau
