// Counters of one loop: only its thread writes, whoever asks for /metrics reads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace preau::http {

struct LoopMetrics {
    static constexpr std::array<double, 11> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                   0.1,   0.25,   0.5,   1,    5}; // seconds
    using Counter = std::atomic<std::uint64_t>;

    std::array<Counter, 6> by_class{}; // status / 100
    std::array<Counter, bounds.size() + 1> durations{};
    Counter nanoseconds = 0;
    Counter bytes_in = 0;
    Counter bytes_out = 0;
    Counter accepted = 0;
    Counter turned_away = 0;  // over the limit of connections
    Counter expired = 0;      // deadlines
    std::atomic<std::int64_t> open = 0;

    void finished(int status, std::int64_t duration);
};

std::string prometheus_text(const std::vector<const LoopMetrics*>& loops);

} // namespace preau::http
